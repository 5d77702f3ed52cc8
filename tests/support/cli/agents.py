"""What tests of agents share."""

TABLE = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
a1,田中 花子,たなか はなこ,Tanaka Hanako,中田,2001,2026-01-01,
"""
