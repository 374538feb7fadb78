"""Rows of the grammar about the trash and about undoing changes."""

UNDOING = (
    (
        "undo",
        "(undo|revert|oops)[ that| it| this| them| those| everything| it all| all[ of] (it|that|this)"
        "| what (you|i)[ just] did"
        "| (the|my|your|that|this)[ last] (change|changes|one|thing|action|step|message)][ again]",
        "undo that",
    ),
    ("undo", "take (that|it|this) back|oops,[ undo][ that| it]", "take that back"),
    ("how to", "redo[ that| it| this]", "redo"),
)

LISTS = (
    (
        "list trashed",
        "[(show|list|view|display|open|see|check)[ me] |(let me|can i|i want to|i'd like to) see |look (in|into|at) ]"
        "<trash>",
        "show me the trash",
    ),
    (
        "list trashed",
        "[<show me> ](what's|what is|what was|what do i have|everything|[<is there> ]anything|[the |my |all ]<things>"
        "|(<which tasks>|how many)[ are| is| do i have]) [still |left |currently ]in <trash><today>",
        "what's in the trash",
    ),
    ("list trashed", "is <trash> empty", "is the trash empty"),
    (
        "list trashed",
        "[<show me> ](what|(what|which) <things>|how many[ <things>]|everything|[the |my |all ]<things>)"
        " (<have i>|did you|have you) [just |already |ever |last |recently ]<deleted><today>",
        "what did i delete",
    ),
    (
        "list trashed",
        "(what|what's|which <things>|how many[ <things>])[ (was|were|is|are|got|has been|have been)][ just| recently]"
        " <deleted><today>",
        "what was deleted",
    ),
    ("list trashed", "(did|have) (i|we|you) [just |already |ever ](delete|deleted)<rest>", "did i delete the rent"),
    ("list trashed", "(is|are|was|were) <any> (in <trash>|deleted|trashed)<today>", "is the rent in the trash"),
)

MOVING = (
    ("restore what", "(<undelete>|restore|bring back) (a|one|my|some)[ deleted] (task|item)", "restore a deleted task"),
    (
        "restore",
        "(take|get|bring|pull|move|put|fish|restore|<undelete>) <task>[ back] (out of|from) <trash>[ <to my list>]",
        "take task 3 out of the trash",
    ),
    ("restore", "<undelete>[ <task>]", "undelete task 3"),
    ("restore", "undo (the deletion of|the removal of|deleting|removing) <task>", "undo the deletion of task 3"),
    ("restore", "undo[ (the|my|that|your)][ last] (deletion|delete|removal)", "undo the deletion"),
    ("put back", "(restore|undo) <task>[ again]|restore", "restore task 3"),
    ("put back", "(bring|get|put|move|give)[ me] back <lost>[ <to my list>]", "bring back the groceries task"),
    ("put back", "(bring|get|give me|i want) <lost> back[ <to my list>]", "bring task 3 back"),
    ("put back", "(put|move) <task> back[ <to my list>| to <undone>]", "put task 3 back on my list"),
    ("delete", "(put|move|throw|send|drop) <task>[ back] (in|into|to) <trash>", "move task 3 to the trash"),
    (
        "empty trash",
        "(empty|clear|delete|erase|purge|wipe)[ out][ everything (in|from)| all[ of]] [the |my ](trash|recycle bin)",
        "empty the trash",
    ),
)
