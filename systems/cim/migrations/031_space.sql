-- +goose Up
-- Space that is let for work (产业空间): one row a unit, by its house code; where it lies is its building's.
CREATE TABLE cim_space (
  code     TEXT   PRIMARY KEY,   -- of the unit, 25 digits
  building BIGINT NOT NULL,
  use      TEXT   NOT NULL,      -- factory, office, shop
  floor    INT    NOT NULL,
  label    TEXT   NOT NULL,
  area     DOUBLE PRECISION NOT NULL,   -- inside, m²
  gross    DOUBLE PRECISION NOT NULL,   -- with its share of what is common
  load     DOUBLE PRECISION NOT NULL,   -- its floor carries, t/m²
  height   DOUBLE PRECISION NOT NULL,   -- clear, metres
  state    TEXT   NOT NULL,      -- owned, let, vacant
  rent     BIGINT NOT NULL,      -- fen a m² and month, paid or asked; 0 unknown
  since    TEXT   NOT NULL,      -- of the lease
  until    TEXT   NOT NULL,
  firm     TEXT   NOT NULL,
  lon      DOUBLE PRECISION NOT NULL,
  lat      DOUBLE PRECISION NOT NULL,
  source   TEXT   NOT NULL
);
CREATE INDEX cim_space_building ON cim_space (building);
CREATE INDEX cim_space_use ON cim_space (use, state, area);
CREATE INDEX cim_space_lon ON cim_space (use, lon);
