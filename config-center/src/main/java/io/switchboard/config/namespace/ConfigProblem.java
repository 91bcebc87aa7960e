package io.switchboard.config.namespace;

import io.switchboard.contracts.problem.ProblemCode;

/** What can be wrong with a request to the config center. */
final class ConfigProblem {

    static final ProblemCode INVALID_NAME =
            new ProblemCode("INVALID_NAME", 400, "Use a name of the form that 'detail' describes.");
    static final ProblemCode TENANT_MISSING =
            new ProblemCode("TENANT_MISSING", 400, "Name the tenant with the parameter 'tenant'.");
    static final ProblemCode INVALID_KEY = new ProblemCode(
            "INVALID_KEY",
            400,
            "Use letters, digits, dots, dashes, underscores and brackets, starting with a letter or digit, at most 255"
                    + " characters.");
    static final ProblemCode INVALID_VALUE = new ProblemCode("INVALID_VALUE", 400, "Send well-formed Unicode text.");
    static final ProblemCode INVALID_COMMENT = new ProblemCode(
            "INVALID_COMMENT",
            400,
            "Comment items that are there, with at most 1,000 characters and no control characters but line feeds; in a"
                    + " file an empty line parts a comment from the key below.");
    static final ProblemCode INVALID_DOCUMENT = new ProblemCode(
            "INVALID_DOCUMENT",
            400,
            "Correct the document at the place that 'detail' names, or use a namespace whose name ends in '.txt'.");
    static final ProblemCode ENCRYPTED_ITEM =
            new ProblemCode("ENCRYPTED_ITEM", 409, "Give its value, or null to take it out, under 'draft/secrets'.");
    static final ProblemCode ITEM_TOO_LARGE = new ProblemCode(
            "ITEM_TOO_LARGE", 400, "Shorten the value, or store what is so large elsewhere and refer to it.");
    static final ProblemCode NAMESPACE_FULL =
            new ProblemCode("NAMESPACE_FULL", 409, "Take items out, or move some to another namespace.");
    static final ProblemCode TOO_MANY_NAMES =
            new ProblemCode("TOO_MANY_NAMES", 409, "Use one of those that exist, or ask the operator to remove some.");
    static final ProblemCode STALE_REVISION = new ProblemCode(
            "STALE_REVISION", 409, "Read the namespace again, look at what changed, and repeat with its revision.");
    static final ProblemCode STALE_RELEASE = new ProblemCode(
            "STALE_RELEASE", 409, "Look at the release that is in effect now, and repeat with its number.");
    static final ProblemCode TOO_LARGE_TOGETHER =
            new ProblemCode("TOO_LARGE_TOGETHER", 409, "Publish the large ones by themselves.");
    static final ProblemCode INVALID_POINT = new ProblemCode(
            "INVALID_POINT", 400, "Name a release by its number, or use 'draft', 'current' or 'empty'.");
    static final ProblemCode NOTHING_TO_PUBLISH = new ProblemCode(
            "NOTHING_TO_PUBLISH", 409, "Change the draft first; what clients read is the same already.");

    static final ProblemCode NOT_A_PUBLISHER = new ProblemCode(
            "NOT_A_PUBLISHER", 403, "Submit the draft for review, and have one of the stage's publishers publish it.");
    static final ProblemCode NOT_PENDING = new ProblemCode(
            "NOT_PENDING", 409, "Read the draft again, and name keys among its changes, or none to publish them all.");
    static final ProblemCode REVIEW_NEEDED = new ProblemCode(
            "REVIEW_NEEDED", 409, "Submit the draft for review, and publish it once another user has approved it.");
    static final ProblemCode NOT_SUBMITTED =
            new ProblemCode("NOT_SUBMITTED", 409, "Have the draft submitted for review as it is now.");
    static final ProblemCode OWN_CHANGE =
            new ProblemCode("OWN_CHANGE", 403, "Have a user decide who neither changed nor submitted the draft.");
    static final ProblemCode REVIEW_DECIDED =
            new ProblemCode("REVIEW_DECIDED", 409, "Change the draft and submit it again.");
    static final ProblemCode RULES_IN_FORCE = new ProblemCode(
            "RULES_IN_FORCE", 403, "Ask an operator; rules are loosened and altered by operators only.");
    static final ProblemCode STALE_RULES =
            new ProblemCode("STALE_RULES", 409, "Read the rules again, and repeat with their version.");

    static final ProblemCode TAKEN_BACK = new ProblemCode(
            "TAKEN_BACK",
            409,
            "Correct or take out the keys named in 'keys', or publish with 'again' if they are right after all.");

    static final ProblemCode DRAFT_UNFIT = new ProblemCode(
            "DRAFT_UNFIT",
            409,
            "Correct the keys that 'findings' names, or say in 'accept' why they are right as they are.");

    static final ProblemCode CANARY_RUNS = new ProblemCode(
            "CANARY_RUNS", 409, "Promote or abandon the canary that 'canary' names, and repeat the call.");
    static final ProblemCode ROTATION_UNFINISHED = new ProblemCode(
            "ROTATION_UNFINISHED",
            409,
            "Promote or abandon the canary that 'canary' names; the center goes on by itself then, and the call may be"
                    + " repeated.");
    static final ProblemCode CANARY_EXISTS =
            new ProblemCode("CANARY_EXISTS", 409, "Choose another name for another canary.");
    static final ProblemCode CANARY_OVER =
            new ProblemCode("CANARY_OVER", 409, "Look at how it ended; start another canary, or publish to all.");
    static final ProblemCode NOBODY_CHOSEN = new ProblemCode(
            "NOBODY_CHOSEN", 409, "Look at the clients and their labels, and choose some that are connected.");
    static final ProblemCode NO_RELEASE_YET = new ProblemCode(
            "NO_RELEASE_YET", 409, "Publish a first release to all: a canary's clients need one to go back to.");

    static final ProblemCode KEYS_GONE = new ProblemCode(
            "KEYS_GONE",
            409,
            "Change the draft to what the release held, set its encrypted items anew, and publish it.");

    static final ProblemCode INVALID_PARENT = new ProblemCode(
            "INVALID_PARENT",
            409,
            "Correct 'switchboard.inherits' in the draft, or have the other application share its namespace.");
    static final ProblemCode STILL_INHERITED = new ProblemCode(
            "STILL_INHERITED", 409, "Have the applications that 'applications' names inherit it no longer, first.");

    static final ProblemCode FROZEN = new ProblemCode(
            "FROZEN", 409, "Wait until the time that 'until' names, or say in 'override' why it can't wait.");

    static final ProblemCode SCHEDULE_EXISTS =
            new ProblemCode("SCHEDULE_EXISTS", 409, "Choose another name; cancel the other one if it is not wanted.");
    static final ProblemCode SCHEDULE_OVER = new ProblemCode(
            "SCHEDULE_OVER",
            409,
            "Look at what became of it; schedule under another name, and roll back what was released like any release.");

    static final ProblemCode INVALID_ARCHIVE =
            new ProblemCode("INVALID_ARCHIVE", 400, "Send a zip file in the layout of GET /api/v1/config-archives.");
    static final ProblemCode TOO_MANY_NAMESPACES =
            new ProblemCode("TOO_MANY_NAMESPACES", 409, "Name an application, a stage, or both.");

    static final ProblemCode TOO_MANY_CLIENTS = new ProblemCode(
            "TOO_MANY_CLIENTS",
            409,
            "Find out which program with the application's reader key leaves them, replace the key, and have an operator"
                    + " remove the nodes.");

    static final ProblemCode APPLICATION_IN_USE = new ProblemCode(
            "APPLICATION_IN_USE", 409, "Delete the instance first, and repeat the call once its tasks have ended.");

    private ConfigProblem() {}
}
