"""How people write on a phone, and what they mean by it."""

SHORT_FORMS = """
pls please|plz please|u you|ur your|r are|tmrw tomorrow|tmr tomorrow|tmw tomorrow|2moro tomorrow|tomoz tomorrow
tonite tonight|nite night|nxt next|teh the|thx thanks|ty thanks|thnx thanks|wat what|waht what|wen when|wich which|hwo how
dont don't|didnt didn't|havnt haven't|havent haven't|isnt isn't|cant can't|wont won't|im I'm|ive I've|whats what's
wheres where's|lets let's|gonna going to|wanna want to|gotta have to|lemme let me|nvm never mind|shld should|ned need
l8r later|n and|bc because|ppl people|acc actually|abt about|prio priority|opps oops|undoo undo|noo no
nope no|nah no|nay no|yea yes|yeah yes|yep yes|yup yes|ya yes|bak back|wiht with|gud good|helo hello|hellow hello
rem remind|remeber remember|shwo show|hgih high|tik tick|priorty priority|taks tasks|arent aren't|wasnt wasn't|doesnt doesn't|couldnt couldn't|thnaks thanks|taks task
todays today's|tomorrows tomorrow's|mom's mom's|doc doctor|shoping shopping|mnay many|actualy actually
"""

WORDS_OFTEN_MISSPELT = """
monday tuesday wednesday thursday friday saturday sunday tomorrow tonight yesterday january february september october
november december priority overdue everything
"""

VERBS_OFTEN_MISSPELT = """
add create remind remember delete remove cancel complete finish finished mark done move change rename postpone reschedule
reopen restore undelete snooze bought set called paid returned fixed booked cleaned sent show list tick push make task
returned cancelled completed watered renewed forget
"""
FILLERS = """
hey assistant|ok computer|hey computer|ok assistant|assistant|hey there|hi there|hello there|hey|hi|hello|yo|hola
good morning|good evening|good afternoon|morning
omg|lol|ugh|phew|hooray|yay|yesss|yess|wow|oh no|oh dear|oh and|oh|ah|uh|um|umm|hmm|hm|er|well|so|ok so|ok|okay|right|alright|all right
now|and|but|then|also|plus|anyway|by the way|btw|you know what|you know|guess what|good news|great news|bad news|my goodness|thank god
right, before i forget|before i forget|new thing for the list|ok last one for today, i swear|last one|finally|correction
please to|please|kindly|just|maybe|perhaps|possibly|probably|like|actually|really|honestly|i guess|i think that|i think|i believe|i suppose
i'm pretty sure|pretty sure|i'm sure|i mean|not sure how this works|do me a favor|do me a favour|sorry|excuse me|look|listen|yes|no worries
i was thinking|i was wondering if you could|i was wondering whether you could|i was wondering if you can|i wonder if you could|if possible|quick one|one more thing|another thing
could you do me a favor and|could you do me a favour and|would you mind|would you be so kind as to|would you kindly
is it possible to|it is possible to|would it be possible to|it would be great if you could|it would be nice if you could|it would be helpful if you could
it would be helpful to|it would be great to|i should be grateful if you would|i would be grateful if you could|i'd love it if you could|i'd love to|i'd like you to|i would like you to
i want you to|i need you to|i'd like to|i would like to|i should like to|i should like|i wish to|i want that|you may|you can|you could|feel free to
can you please|could you please|would you please|can you to|can you|could you|would you|will you|won't you|can we|could we|may i|might i|can i|could i
let's|let us|go ahead and|time to|guys
"""
"""They may stand before a request and say nothing about it. The longest counts first."""

AFTERTHOUGHTS = """
please|pls|thanks|thank you|thank you very much|thanks a lot|thanks so much|thanks a million|thx|cheers|ok|okay|bro|lol|haha|now|right now|asap|asap please
for me please|for me|if possible|if you can|if that's ok|when you can|shall we|will you|would you|can you|fr|dude|man|mate|by the way|btw
right|no|yes|maybe|or so|then|already|finally|actually|at last|too please|exactly|so excited|add that please|add that|can you add it|could you put that down
put that down|put it in|put it on the list|please add that|add it|ugh|happy|no rush|no rush at all|can you believe it|can you imagine|all of it|sorry
i swear|tick it off|tick that off|cross it off|update it|next|you can tick that off|so you can tick that off|you may mark that as completed
thank god|lets goooo|in the end|instead
"""
"""They may stand behind a request, after a comma or alone, and say nothing about it."""
