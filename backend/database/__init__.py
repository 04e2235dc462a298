"""The store: column types, tables, engines, migrations and the unit of work."""
