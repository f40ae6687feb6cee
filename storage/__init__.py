"""What Likecord remembers: models, migrations, and one repository a feature.

Imports nothing of bot or cogs. Repositories never commit: `Database.transaction()` does.
"""
