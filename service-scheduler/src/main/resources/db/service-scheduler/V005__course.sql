-- How a deployment gets to what is desired: pause, canary, tasks to replace, where to go back to.
alter table deployment add column course jsonb;
update deployment
set course = jsonb_build_object(
    'lastRevision', (select coalesce(max(number), 0) from revision where revision.instance_id = deployment.instance_id),
    'forced', false,
    'retiring', '[]'::jsonb,
    'dependsOn', '[]'::jsonb,
    'cut', '{}'::jsonb);
alter table deployment alter column course set not null;
