-- +goose Up
-- What the figures of a local day that is over come to, by one dimension: see
-- figures_days.go. A cache of the rows.
CREATE TABLE figure_day (
  moment  TEXT   NOT NULL,           -- filed, closed, rated, due
  from_at BIGINT NOT NULL,           -- the day's beginning
  dim     TEXT   NOT NULL,
  shape   TEXT   NOT NULL,           -- of the measures and dimensions that it was made for
  sums    BYTEA  NOT NULL,
  PRIMARY KEY (moment, from_at, dim)
);
-- Moments of what has changed: the day of one may say what was. On SQLite, where one
-- writes at a time, only days that have sums are marked.
CREATE TABLE figure_touch (
  moment TEXT   NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX figure_touch_at ON figure_touch (moment, at);
--:sqlite -- +goose StatementBegin
--:sqlite CREATE TRIGGER figure_matter_new AFTER INSERT ON matter BEGIN
--:sqlite   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'filed' AS moment, ((NEW.id >> 22) * 1000 + 946684800000000) AS at UNION ALL SELECT 'closed', NEW.closed_at UNION ALL SELECT 'rated', rated_at FROM appeal WHERE id = NEW.id UNION ALL SELECT 'due', due_at FROM matter_clock WHERE matter = NEW.id AND clock = 'handle') x
--:sqlite     WHERE EXISTS (SELECT 1 FROM figure_day d WHERE d.moment = x.moment AND d.from_at > x.at - 86400000000 AND d.from_at <= x.at);
--:sqlite END;
--:sqlite -- +goose StatementEnd
--:sqlite -- +goose StatementBegin
--:sqlite CREATE TRIGGER figure_matter AFTER UPDATE ON matter WHEN OLD.flow IS NOT NEW.flow OR OLD.state IS NOT NEW.state OR OLD.open IS NOT NEW.open OR OLD.late IS NOT NEW.late OR OLD.class IS NOT NEW.class OR OLD.unit IS NOT NEW.unit OR OLD.item IS NOT NEW.item OR OLD.opened_at IS NOT NEW.opened_at OR OLD.closed_at IS NOT NEW.closed_at BEGIN
--:sqlite   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'filed' AS moment, ((NEW.id >> 22) * 1000 + 946684800000000) AS at UNION ALL SELECT 'closed', NEW.closed_at UNION ALL SELECT 'rated', rated_at FROM appeal WHERE id = NEW.id UNION ALL SELECT 'due', due_at FROM matter_clock WHERE matter = NEW.id AND clock = 'handle' UNION ALL SELECT 'closed', OLD.closed_at) x
--:sqlite     WHERE EXISTS (SELECT 1 FROM figure_day d WHERE d.moment = x.moment AND d.from_at > x.at - 86400000000 AND d.from_at <= x.at);
--:sqlite END;
--:sqlite -- +goose StatementEnd
--:sqlite -- +goose StatementBegin
--:sqlite CREATE TRIGGER figure_appeal_new AFTER INSERT ON appeal BEGIN
--:sqlite   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'rated' AS moment, NEW.rated_at AS at UNION ALL SELECT 'filed', ((NEW.id >> 22) * 1000 + 946684800000000) UNION ALL SELECT 'closed', closed_at FROM matter WHERE id = NEW.id UNION ALL SELECT 'due', due_at FROM matter_clock WHERE matter = NEW.id AND clock = 'handle') x
--:sqlite     WHERE EXISTS (SELECT 1 FROM figure_day d WHERE d.moment = x.moment AND d.from_at > x.at - 86400000000 AND d.from_at <= x.at);
--:sqlite END;
--:sqlite -- +goose StatementEnd
--:sqlite -- +goose StatementBegin
--:sqlite CREATE TRIGGER figure_appeal AFTER UPDATE ON appeal WHEN OLD.street IS NOT NEW.street OR OLD.community IS NOT NEW.community OR OLD.kind IS NOT NEW.kind OR OLD.channel IS NOT NEW.channel OR OLD.secrecy IS NOT NEW.secrecy OR OLD.mode IS NOT NEW.mode OR OLD.result IS NOT NEW.result OR OLD.rated_at IS NOT NEW.rated_at OR OLD.solved IS NOT NEW.solved OR OLD.score_result IS NOT NEW.score_result BEGIN
--:sqlite   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'rated' AS moment, NEW.rated_at AS at UNION ALL SELECT 'filed', ((NEW.id >> 22) * 1000 + 946684800000000) UNION ALL SELECT 'closed', closed_at FROM matter WHERE id = NEW.id UNION ALL SELECT 'due', due_at FROM matter_clock WHERE matter = NEW.id AND clock = 'handle' UNION ALL SELECT 'rated', OLD.rated_at) x
--:sqlite     WHERE EXISTS (SELECT 1 FROM figure_day d WHERE d.moment = x.moment AND d.from_at > x.at - 86400000000 AND d.from_at <= x.at);
--:sqlite END;
--:sqlite -- +goose StatementEnd
--:sqlite -- +goose StatementBegin
--:sqlite CREATE TRIGGER figure_clock_new AFTER INSERT ON matter_clock WHEN NEW.clock = 'handle' BEGIN
--:sqlite   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'due' AS moment, NEW.due_at AS at) x
--:sqlite     WHERE EXISTS (SELECT 1 FROM figure_day d WHERE d.moment = x.moment AND d.from_at > x.at - 86400000000 AND d.from_at <= x.at);
--:sqlite END;
--:sqlite -- +goose StatementEnd
--:sqlite -- +goose StatementBegin
--:sqlite CREATE TRIGGER figure_clock AFTER UPDATE ON matter_clock WHEN NEW.clock = 'handle' AND (OLD.unit IS NOT NEW.unit OR OLD.outcome IS NOT NEW.outcome OR OLD.due_at IS NOT NEW.due_at) BEGIN
--:sqlite   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'due' AS moment, NEW.due_at AS at UNION ALL SELECT 'due', OLD.due_at) x
--:sqlite     WHERE EXISTS (SELECT 1 FROM figure_day d WHERE d.moment = x.moment AND d.from_at > x.at - 86400000000 AND d.from_at <= x.at);
--:sqlite END;
--:sqlite -- +goose StatementEnd
--:postgres -- +goose StatementBegin
--:postgres CREATE FUNCTION figure_matter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
--:postgres   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'filed' AS moment, ((NEW.id >> 22) * 1000 + 946684800000000) AS at UNION ALL SELECT 'closed', NEW.closed_at UNION ALL SELECT 'rated', rated_at FROM appeal WHERE id = NEW.id UNION ALL SELECT 'due', due_at FROM matter_clock WHERE matter = NEW.id AND clock = 'handle') x WHERE x.at IS NOT NULL;
--:postgres   IF TG_OP = 'UPDATE' THEN
--:postgres     INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'closed' AS moment, OLD.closed_at AS at) x WHERE x.at IS NOT NULL;
--:postgres   END IF;
--:postgres   RETURN NULL;
--:postgres END $$;
--:postgres -- +goose StatementEnd
--:postgres CREATE TRIGGER figure_matter_new AFTER INSERT ON matter FOR EACH ROW EXECUTE FUNCTION figure_matter();
--:postgres CREATE TRIGGER figure_matter AFTER UPDATE ON matter FOR EACH ROW WHEN (OLD.flow IS DISTINCT FROM NEW.flow OR OLD.state IS DISTINCT FROM NEW.state OR OLD.open IS DISTINCT FROM NEW.open OR OLD.late IS DISTINCT FROM NEW.late OR OLD.class IS DISTINCT FROM NEW.class OR OLD.unit IS DISTINCT FROM NEW.unit OR OLD.item IS DISTINCT FROM NEW.item OR OLD.opened_at IS DISTINCT FROM NEW.opened_at OR OLD.closed_at IS DISTINCT FROM NEW.closed_at) EXECUTE FUNCTION figure_matter();
--:postgres -- +goose StatementBegin
--:postgres CREATE FUNCTION figure_appeal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
--:postgres   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'rated' AS moment, NEW.rated_at AS at UNION ALL SELECT 'filed', ((NEW.id >> 22) * 1000 + 946684800000000) UNION ALL SELECT 'closed', closed_at FROM matter WHERE id = NEW.id UNION ALL SELECT 'due', due_at FROM matter_clock WHERE matter = NEW.id AND clock = 'handle') x WHERE x.at IS NOT NULL;
--:postgres   IF TG_OP = 'UPDATE' THEN
--:postgres     INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'rated' AS moment, OLD.rated_at AS at) x WHERE x.at IS NOT NULL;
--:postgres   END IF;
--:postgres   RETURN NULL;
--:postgres END $$;
--:postgres -- +goose StatementEnd
--:postgres CREATE TRIGGER figure_appeal_new AFTER INSERT ON appeal FOR EACH ROW EXECUTE FUNCTION figure_appeal();
--:postgres CREATE TRIGGER figure_appeal AFTER UPDATE ON appeal FOR EACH ROW WHEN (OLD.street IS DISTINCT FROM NEW.street OR OLD.community IS DISTINCT FROM NEW.community OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.channel IS DISTINCT FROM NEW.channel OR OLD.secrecy IS DISTINCT FROM NEW.secrecy OR OLD.mode IS DISTINCT FROM NEW.mode OR OLD.result IS DISTINCT FROM NEW.result OR OLD.rated_at IS DISTINCT FROM NEW.rated_at OR OLD.solved IS DISTINCT FROM NEW.solved OR OLD.score_result IS DISTINCT FROM NEW.score_result) EXECUTE FUNCTION figure_appeal();
--:postgres -- +goose StatementBegin
--:postgres CREATE FUNCTION figure_clock() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
--:postgres   INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'due' AS moment, NEW.due_at AS at) x WHERE x.at IS NOT NULL;
--:postgres   IF TG_OP = 'UPDATE' THEN
--:postgres     INSERT INTO figure_touch (moment, at) SELECT x.moment, x.at FROM (SELECT 'due' AS moment, OLD.due_at AS at) x WHERE x.at IS NOT NULL;
--:postgres   END IF;
--:postgres   RETURN NULL;
--:postgres END $$;
--:postgres -- +goose StatementEnd
--:postgres CREATE TRIGGER figure_clock_new AFTER INSERT ON matter_clock FOR EACH ROW WHEN (NEW.clock = 'handle') EXECUTE FUNCTION figure_clock();
--:postgres CREATE TRIGGER figure_clock AFTER UPDATE ON matter_clock FOR EACH ROW WHEN (NEW.clock = 'handle' AND (OLD.unit IS DISTINCT FROM NEW.unit OR OLD.outcome IS DISTINCT FROM NEW.outcome OR OLD.due_at IS DISTINCT FROM NEW.due_at)) EXECUTE FUNCTION figure_clock();
-- +goose Down
--:sqlite DROP TRIGGER figure_matter_new;
--:sqlite DROP TRIGGER figure_matter;
--:postgres DROP TRIGGER figure_matter_new ON matter;
--:postgres DROP TRIGGER figure_matter ON matter;
--:postgres DROP FUNCTION figure_matter();
--:sqlite DROP TRIGGER figure_appeal_new;
--:sqlite DROP TRIGGER figure_appeal;
--:postgres DROP TRIGGER figure_appeal_new ON appeal;
--:postgres DROP TRIGGER figure_appeal ON appeal;
--:postgres DROP FUNCTION figure_appeal();
--:sqlite DROP TRIGGER figure_clock_new;
--:sqlite DROP TRIGGER figure_clock;
--:postgres DROP TRIGGER figure_clock_new ON matter_clock;
--:postgres DROP TRIGGER figure_clock ON matter_clock;
--:postgres DROP FUNCTION figure_clock();
DROP TABLE figure_touch;
DROP TABLE figure_day;
