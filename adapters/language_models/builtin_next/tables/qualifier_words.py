"""What says which tasks are meant, in a question or in "all …": the words, then the filter.

`{day}` is a day in words, `{name}` a name. The words before the first `|` show the form that people use most.
"""

QUALIFIERS = (
    (r"(?:that (?:are|is) )?(?:over ?due|late|past due|missed|behind on|behind with)", "overdue"),
    (r"due (?:for )?today|for today|today(?:'s)?|tonight|this (?:morning|evening|afternoon)|my day", "today"),
    (r"due tomorrow|for tomorrow|tomorrow(?:'s)?", "tomorrow"),
    (r"(?:due )?(?:in |for |within )?(?:the )?next (?P<days>\d{1,3}) days", "next {days} days"),
    (r"(?:due |for |in |of |during )*(?:the )?this week(?:'s)?|the rest of the week", "{this week}"),
    (r"(?:due |for |in |of |during )*(?:the )?next week(?:'s)?", "{next week}"),
    (r"(?:due |for |in |of |during |on |at |over )*(?:the |this )?weekend(?:'s)?", "{weekend}"),
    (r"(?:due |for |in |of |during )*(?:the )?this month(?:'s)?", "{this month}"),
    (r"(?:due |for |in |of |during )*(?:the )?next month(?:'s)?", "{next month}"),
    (r"(?:due |for |in |of |during )*(?:the )?last week(?:'s)?", "{last week}"),
    (r"(?:with )?(?:a |of |the )?(?:high|top|highest)[ -](?:priority|prio)|urgent|important|most important|p1", "p1"),
    (r"(?:with )?(?:a |of )?(?:medium|normal)[ -](?:priority|prio)|p2", "p2"),
    (r"(?:with )?(?:a |of )?(?:low|lowest)[ -](?:priority|prio)|p3", "p3"),
    (r"(?:with no|without(?: a| any)?|no) (?:due )?dates?|undated|not scheduled|unscheduled", "no date"),
    (r"(?:with no|without(?: a| any)?|no) priority", "no priority"),
    (r"(?:with no|without(?: any)?|no) tags|untagged", "no tags"),
    (r"recurring|repeating|that repeat|repeats|recur|repeat", "recurring"),
    (r"(?:in |from )?(?:my |the )?inbox", "inbox"),
    (r"upcoming|coming up", "upcoming"),
    (r"(?:with (?:the )?tag|tagged(?: as| with)?|labell?ed(?: as| with)?) [#@]?(?P<tag>[\w-]+)", "@{tag}"),
    (r"@(?P<tag>[\w-]+)", "@{tag}"),
    (r"#(?P<list>[\w-]+)", "#{list}"),
    (r"(?:on|in|from|of|for|off) (?:my |the |our )?list of (?P<list>[\w'-]{1,20})", "#{list}"),
    (r"(?:on |in |from |of |for |off |under )?(?:my |the |our )(?P<list>[\w&'-]{1,20}(?: [\w&'-]{1,20})?) (?:list|project|folder)", "#{list}"),
    (r"(?:on|in|from|of|for|off|under) (?P<list>[\w&'-]{1,20}) (?:list|project|folder)", "#{list}"),
    (r"(?P<list>[\w&'-]{3,20}) list", "#{list}"),
    (r"list (?:of )?(?P<list>shopping|work|home|groceries)", "#{list}"),
)
STATES = (
    (r"(?:in |from )?(?:my |the )?(?:trash|bin|recycle bin)|deleted|trashed|removed", "trashed"),
    (r"not (?:done|finished|completed)|undone|unfinished|incomplete|pending|open|outstanding|to do|left|remaining|remains?", "pending"),
    (r"done|completed|finished|closed|ticked off|checked off|accomplish(?:ed)?|complete|get done|got done|achieved?|i did|did i|did we|have i (?:done|finished)|close", "completed"),
)
GROUP_NAMES = "shopping groceries work home personal errands family school travel household office money finance health"
"""Names that mean a list or a tag when they stand before "tasks" or behind "all the"."""
