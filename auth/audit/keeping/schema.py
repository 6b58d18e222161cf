"""The tables in PostgreSQL that a trail is kept in, and what the database itself refuses, whoever asks.

An entry must follow on the last one. Nothing is changed or deleted, but for what an archive has taken over, and the
service's role may not even ask for that. Texts are sorted and compared as SQLite does it.
"""

from __future__ import annotations

from typing import Final

SCHEMA: Final = "tolmach_audit"  # apart from the catalogue's tables, on which the service's role may do more

SCRIPT: Final = """
CREATE DOMAIN tolmach_audit.words AS TEXT COLLATE "C" NOT NULL;
CREATE TABLE trail (number BIGINT PRIMARY KEY, at words, actor words, origin words, action words, object words,
    decision words, detail words, digest words, sealed words);
CREATE INDEX trail_at ON trail (at);
CREATE INDEX trail_actor ON trail (actor);
CREATE INDEX trail_action ON trail (action);
CREATE INDEX trail_object ON trail (object);
CREATE INDEX trail_decision ON trail (decision);
CREATE TABLE shown (object words, number BIGINT, PRIMARY KEY (object, number));
CREATE TABLE checkpoints (number BIGINT PRIMARY KEY, digest words, at words, key words, signature words);
CREATE TABLE archives (first BIGINT NOT NULL, number BIGINT PRIMARY KEY, digest words, at words, key words,
    signature words);
CREATE TABLE carried (number BIGINT NOT NULL, at words, actor words, origin words, action words, object words,
    decision words, detail words, sealed words, digest words, PRIMARY KEY (object, action));

-- One row: the number of the last entry, and whether a trail is on its way here and not yet whole.
CREATE TABLE head (single BOOLEAN PRIMARY KEY CHECK (single), number BIGINT NOT NULL, arriving BOOLEAN NOT NULL);
INSERT INTO head VALUES (true, 0, false);

-- Locks the head until the transaction ends, for roles that may not change it.
CREATE FUNCTION turn() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = tolmach_audit, pg_temp AS $$
BEGIN
    PERFORM 1 FROM head FOR UPDATE;
END $$;

CREATE FUNCTION follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = tolmach_audit, pg_temp AS $$
BEGIN
    UPDATE head SET number = NEW.number WHERE number = NEW.number - 1
        AND (NOT arriving OR current_setting('tolmach_audit.moving', true) = 'yes');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'entry % does not follow on the last one, or a trail is on its way here: tolmach audit move',
            NEW.number;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow BEFORE INSERT ON trail FOR EACH ROW EXECUTE FUNCTION follow();

CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql SET search_path = tolmach_audit, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_NARGS = 1 THEN
        IF OLD.number <= (SELECT max(number) FROM archives) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is only added to: % in % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON trail FOR EACH ROW EXECUTE FUNCTION keep('archived');
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON shown FOR EACH ROW EXECUTE FUNCTION keep('archived');
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON checkpoints FOR EACH ROW EXECUTE FUNCTION keep('archived');
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON archives FOR EACH ROW EXECUTE FUNCTION keep();

-- What was taken along of an object is replaced by what is later.
CREATE FUNCTION renew() RETURNS trigger LANGUAGE plpgsql SET search_path = tolmach_audit, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.number > OLD.number THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is only added to: % in % is refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER renew BEFORE UPDATE OR DELETE ON carried FOR EACH ROW EXECUTE FUNCTION renew();

CREATE TRIGGER keep_all BEFORE TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON shown FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON checkpoints FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON archives FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON carried FOR EACH STATEMENT EXECUTE FUNCTION keep();
"""
