"""Words and their forms, so that "bought the groceries" finds "Buy groceries"."""

IRREGULAR_PAST = """
ate eat|began begin|begun begin|bought buy|broke break|broken break|brought bring|built build|caught catch|chose choose
chosen choose|dealt deal|did do|done do|drank drink|drawn draw|drew draw|driven drive|drove drive|dug dig|eaten eat
fed feed|felt feel|filed file|flew fly|forgot forget|forgotten forget|fought fight|found find|froze freeze|gave give
given give|gone go|got get|gotten get|grew grow|hid hide|hung hang|held hold|kept keep|laid lay|learnt learn|led lead
left leave|lent lend|lost lose|made make|met meet|mown mow|paid pay|ran run|rang ring|rung ring|rode ride|said say
sang sing|saw see|seen see|sent send|sewn sew|shot shoot|shown show|slept sleep|sold sell|sought seek
spent spend|spoke speak|spoken speak|swam swim|swept sweep|taken take|taught teach|thought think|threw throw
thrown throw|told tell|took take|understood understand|went go|woke wake|won win|wore wear|wrote write|written write
payed pay|buyed buy|sended send|maked make|goed go|writed write|bougt buy|did do|cleaned clean|dropped drop|wrapped wrap
"""
SAME_IN_THE_PAST = "cut hit let put quit read set shut"
NOT_PAST = "need feed seed weed speed breed embed hundred indeed used based supposed bed red shed left"
"""They end like a past tense and are none."""

CHORES = """
answer apply arrange ask assemble attend bake bin book borrow bring brush build buy call cancel change charge chase check
clean collect contact cook deal decorate deliver deposit descale dispose do donate download draft drive drop dust email
empty exercise exchange feed fetch file fill find fix fold follow fry get give go grab hang have hire hoover install
invest invite iron learn listen look mail make meditate meet message mop move mow open order organise organize pack
paint park pay phone pick plan plant play polish post practice practise prep prepare print publish purchase read rebook
refill register renew rent repair replace reply research reserve respond return review ring run save scan schedule sell
send service sew sharpen ship shop shovel sign sort start stretch study submit sweep take talk tell test text thank tidy
train transfer trim try turn unpack update upgrade upload use vacuum visit vote wait wake walk wash watch water wax
weed win withdraw work wrap write circulate approve
"""
"""What a sentence that is a task by itself begins with: "buy milk"."""

SAME_MEANING = """
mom mother mum mama mummy
dad father papa
call phone ring telephone speak talk
buy get purchase grab pick bring
bike bicycle cycle
send dispatch mail submit
fix repair mend
book reserve
finish complete submit
groceries shopping
flat apartment
email mail
"""
"""Each line has words that people use for the same thing."""

SAYING_NOTHING = """
a about again all already also an and any are as at away back be been both but by can could did do does finally for from had
has have he her his how i if in into is it its item items just list lists me month month's my need of off on one ones onto or our out
please should so some still stuff task tasks that the their them there these they thing things this those to todo todos
too up was week week's we were what when where which who will with would yes yet you your entry entries reminder reminders business
"""

WORDS_OF_QUESTIONS = """
am agenda anything anyone around attention away back become board calendar catch catching coming currently day days deal
done doing due else entry everything exist exists far find first get give go going got gotta happening happens hello hey
hi hear important keep know last late later left let like list lists look main many matter me meant missed moment most
much must need next nothing now number open other outstanding overview own pending plate please pull quick quickly read
really remain remaining remains remind right run search see shop should show soon something status still store summary
supposed sure tell things thing track up upcoming view waiting want whole work's wanted been being supermarket exactly
have forgotten forget might suppose schedule plan plans plans' complete completed finish finished accomplish
accomplished achieve achieved display check print actually today's i've i'm what's i'd there's that's we're whether
wondering looking monday tuesday wednesday thursday friday saturday sunday every each wanting may cross closed close say said bro lol name named called titled mentioned entries do's gonna wanna need
"""
"""Besides those that say nothing, these do not name a task in a question about tasks."""

KNOWN_LISTS = "shopping groceries grocery work home personal errands family school private household office chores"
"""Names that are taken for a list without the word "list", as in "add milk to shopping"."""
