from sqlalchemy import BigInteger, DateTime, Integer, Text, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

_TIME = DateTime(timezone=True)

UNTIMED = text("""
    SELECT rings.user_id, task_id, reminder, due, set_at, version, timezone, reminder_time
    FROM rings JOIN users ON users.id = rings.user_id
    WHERE state = 'new' ORDER BY ring_at LIMIT :most
""").bindparams(bindparam("most", type_=Integer))

SET_TIMES = text("""
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(:given) AS
            given (user_id text, task_id bigint, reminder text, due text, version integer, timezone text,
                   reminder_time text, ring_at timestamptz, state text)
    ), owner AS (
        SELECT id, timezone, reminder_time FROM users WHERE id IN (SELECT user_id FROM given) ORDER BY id FOR SHARE
    )
    UPDATE rings SET ring_at = given.ring_at, state = given.state, zones = :zones
    FROM given JOIN owner ON owner.id = given.user_id
        AND owner.timezone = given.timezone AND owner.reminder_time = given.reminder_time
    WHERE rings.user_id = given.user_id AND rings.task_id = given.task_id AND rings.reminder = given.reminder
        AND rings.due = given.due AND rings.state = 'new' AND rings.version = given.version
    RETURNING rings.task_id
""").bindparams(bindparam("given", type_=JSONB), bindparam("zones", type_=Text))
"""Locks the users, so that a zone that is being changed is waited for. A time that was computed for another zone is not
stored, and computed again."""

RING = text("""
    WITH RECURSIVE pair AS (
        (
            SELECT ring_at, user_id FROM rings WHERE state = 'waiting' AND ring_at <= :now
            ORDER BY ring_at, user_id LIMIT 1
        )
        UNION ALL
        SELECT next.ring_at, next.user_id FROM pair, LATERAL (
            SELECT rings.ring_at, rings.user_id FROM rings
            WHERE state = 'waiting' AND rings.ring_at <= :now
                AND (rings.ring_at, rings.user_id) > (pair.ring_at, pair.user_id)
            ORDER BY rings.ring_at, rings.user_id LIMIT 1
        ) AS next
    ), waiting AS (
        SELECT user_id, min(ring_at) AS first FROM (SELECT * FROM pair LIMIT 10 * :most) AS oldest
        GROUP BY user_id ORDER BY first LIMIT :most
    ), locked AS (
        SELECT counters.user_id FROM counters JOIN waiting USING (user_id)
        ORDER BY first FOR UPDATE OF counters SKIP LOCKED
    ), due AS (
        SELECT next.*, row_number() OVER (ORDER BY place, ring_at) AS turn
        FROM locked, LATERAL (
            SELECT rings.*, row_number() OVER (ORDER BY ring_at) AS place FROM rings
            WHERE rings.user_id = locked.user_id AND state = 'waiting' AND ring_at <= :now
            ORDER BY ring_at LIMIT (SELECT greatest(1, :most / count(*)) FROM locked)
        ) AS next
        ORDER BY turn LIMIT :most
    ), judged AS (
        SELECT due.*, tasks.id IS NOT NULL AND NOT coalesce(lists.archived, false) AS rings
        FROM due
        LEFT JOIN tasks ON tasks.user_id = due.user_id AND tasks.id = due.task_id AND NOT completed
            AND tasks.deleted_at IS NULL AND due.reminder = ANY(reminders)
            AND due.due IN ('', coalesce(tasks.due, ''))
        LEFT JOIN lists ON lists.user_id = tasks.user_id AND lists.id = tasks.list_id
    ), ended AS (
        UPDATE rings SET state = CASE WHEN judged.rings THEN 'rung' ELSE 'past' END
        FROM judged
        WHERE rings.user_id = judged.user_id AND rings.task_id = judged.task_id
            AND rings.reminder = judged.reminder AND rings.due = judged.due
            AND rings.state IS NOT DISTINCT FROM 'waiting' AND rings.ring_at IS NOT DISTINCT FROM judged.ring_at
        RETURNING rings.*, judged.rings, judged.turn
    ), rung AS (
        SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY turn) AS place,
               jsonb_build_object(
                   'reminder', reminder, 'due', nullif(due, ''), 'ring_at', ring_at, 'snoozes', snoozes,
                   'late', :now - ring_at > :late * interval '1 second'
               ) AS state_of
        FROM ended WHERE rings
    ), counter AS (
        UPDATE counters SET revision = revision + added, bytes = bytes + grown
        FROM (
            SELECT user_id, count(*) AS added, sum(octet_length(state_of::text)) AS grown FROM rung GROUP BY user_id
        ) AS own
        WHERE counters.user_id = own.user_id
        RETURNING counters.user_id, revision - added AS revision, revision AS newest
    ), event AS (
        INSERT INTO events (user_id, revision, entity, entity_id, kind, after, actor_kind, at, size)
        SELECT user_id, revision + place, 'reminder', task_id, 'rang', state_of, 'system', :now,
               octet_length(state_of::text)
        FROM rung JOIN counter USING (user_id)
    ), webhook AS (
        UPDATE webhooks SET newest = counter.newest FROM counter WHERE webhooks.user_id = counter.user_id
        RETURNING webhooks.user_id
    ), notified AS (
        INSERT INTO notifications (user_id, id, ring_id, channel, target, next_attempt_at)
        SELECT rung.user_id, revision + place || ' ' || channel || ' ' || target, revision + place, channel, target,
               :now
        FROM rung JOIN counter USING (user_id), LATERAL (
            SELECT 'push' AS channel, id AS target FROM push_subscriptions
            WHERE push_subscriptions.user_id = rung.user_id AND coalesce(
                (SELECT push FROM reminder_settings WHERE reminder_settings.user_id = rung.user_id), true
            )
            UNION ALL
            SELECT 'mail', '' FROM reminder_settings JOIN users ON users.id = reminder_settings.user_id
            WHERE reminder_settings.user_id = rung.user_id AND mail AND email_confirmed_at IS NOT NULL
        ) AS way
        ON CONFLICT DO NOTHING
        RETURNING notifications.user_id
    )
    SELECT DISTINCT ended.user_id, EXISTS (SELECT FROM webhook WHERE webhook.user_id = ended.user_id) AS is_sent,
           EXISTS (SELECT FROM notified WHERE notified.user_id = ended.user_id) AS is_notified
    FROM ended
""").bindparams(
    bindparam("now", type_=_TIME),
    bindparam("most", type_=Integer),
    bindparam("late", type_=Integer),
)
"""One statement records that reminders rang, in the log and in their rows. So none rings twice, even if a server dies.

Users come in the order of their oldest ring, and share the `:most` rings of one statement. They are found by jumps in
the index from one pair of time and user to the next, so that a burst is not read as a whole for each statement. The
counter is locked before the rings, as changes of tasks do. Users whose tasks are being changed are left for the next
time. `IS NOT DISTINCT FROM` keeps the planner from the indexes of times, in which a user may have thousands of rings of
one minute: each ring is found by its key.
"""

NEXT_DUE = text("""
    SELECT least(
        (SELECT min(ring_at) FROM rings WHERE state = 'waiting'), (SELECT min(ring_at) FROM rings WHERE state = 'new')
    ) AS at
""")

RETIME = text("""
    UPDATE rings SET state = 'new', version = version + 1, set_at = NULL, ring_at = least(ring_at, :now)
    WHERE user_id = :owner AND state IN ('new', 'waiting') AND snoozes = 0
    RETURNING task_id
""").bindparams(bindparam("owner", type_=Text), bindparam("now", type_=_TIME))

RETIME_OUTDATED = text("""
    UPDATE rings SET state = 'new', version = version + 1, set_at = NULL, ring_at = least(ring_at, :now)
    WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM rings WHERE state = 'waiting' AND snoozes = 0 AND zones < :zones LIMIT :most
    )) AND state = 'waiting'
    RETURNING task_id
""").bindparams(bindparam("zones", type_=Text), bindparam("most", type_=Integer), bindparam("now", type_=_TIME))

OF_TASK = text("""
    SELECT reminder, due, state, ring_at, snoozes FROM rings
    WHERE user_id = :owner AND task_id = :task_id ORDER BY ring_at, reminder
""").bindparams(bindparam("owner", type_=Text), bindparam("task_id", type_=BigInteger))

SNOOZE = text("""
    UPDATE rings SET state = 'waiting', ring_at = :until, snoozes = snoozes + 1, version = version + 1
    WHERE user_id = :owner AND task_id = :task_id AND reminder = :reminder AND due = :due
        AND (state = 'rung' OR state = 'waiting' AND snoozes > 0)
    RETURNING snoozes
""").bindparams(
    bindparam("until", type_=_TIME),
    bindparam("owner", type_=Text),
    bindparam("task_id", type_=BigInteger),
    bindparam("reminder", type_=Text),
    bindparam("due", type_=Text),
)

FORGET = text("""
    WITH gone AS (
        DELETE FROM rings WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM rings WHERE state IN ('rung', 'past') AND ring_at < :before ORDER BY ring_at LIMIT :most
        )) AND state IN ('rung', 'past') RETURNING 1
    )
    SELECT count(*) FROM gone
""").bindparams(bindparam("before", type_=_TIME), bindparam("most", type_=Integer))
