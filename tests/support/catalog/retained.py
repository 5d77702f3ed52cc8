"""What tests of retained share."""

AGENTS = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to,team
A17,田中 真由,,,,2001,,,Loans
"""
