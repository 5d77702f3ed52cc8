"""Customers' names as callers and clerks tell them, and as a telephone system shows them.

Written by what is said on telephones; each told name beside one that it must find (match, near) or
must not find (conflict).
"""

from typing import Final

NAMES: Final[tuple[tuple[str, str, str], ...]] = (
    # as it is written, with what stands around it
    ("田中", "田中", "match"),
    ("田中様", "田中", "match"),
    ("田中", "田中様", "match"),
    ("Ms Tanaka", "TANAKA", "match"),
    ("ﾀﾅｶ", "タナカ", "match"),
    ("たなか", "ﾀﾅｶ ﾀﾛｳ", "match"),
    ("O'Brien", "Sean O'Brien", "match"),
    ("García", "Maria Garcia", "match"),
    # characters of one kind
    ("高橋", "髙橋", "match"),
    ("髙橋", "高橋 一郎", "match"),
    ("斉藤", "齋藤", "match"),
    ("渡辺", "渡邉", "match"),
    ("渡邊", "渡辺 直子", "match"),
    ("山崎", "山﨑", "match"),
    ("浜田", "濵田", "match"),
    ("佐々木", "佐佐木", "match"),
    ("吉田", "𠮷田", "match"),
    # the same sounds in other letters
    ("Nakata", "ナカタ", "match"),
    ("なかた", "NAKATA", "match"),
    ("ナカタ", "Yuki Nakata", "match"),
    ("つちや", "Tuchiya", "match"),
    ("Tsuchiya", "ツチヤ", "match"),
    ("Satoh", "Sato Kenji", "near"),
    ("Ōno", "OHNO", "match"),
    ("じんぼ", "Zimbo", "match"),
    ("スミス", "John Smith", "match"),
    ("Smith", "スミス", "match"),
    # kanji for sounds: a guess, by frequent surnames
    ("Nakata", "中田", "near"),
    ("たなか", "田中", "near"),
    ("中田", "ナカタ", "near"),
    ("田中", "TANAKA", "near"),
    ("伊東", "伊藤", "near"),
    ("Saito", "齋藤", "near"),
    ("Tanaka", "田中太郎", "near"),
    # parts of a name
    ("田中", "田中太郎", "near"),
    ("田中太郎", "田中 太郎", "match"),
    ("田中 太郎", "田中太郎", "match"),
    ("ヤマダハナコ", "山田", "near"),
    ("ヤマダハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ", "match"),
    ("Taro Tanaka", "Tanaka Taro", "match"),
    ("Taro Tanaka", "タナカ タロウ", "near"),
    ("Taro Tanaka", "田中", "near"),
    # what is taken for another
    ("Tanaka", "中田", "near"),
    ("なかだ", "ナカタ", "near"),
    ("おの", "オオノ", "near"),
    ("はとり", "ハットリ", "near"),
    ("いど", "イトウ", "near"),
    ("Smyth", "John Smith", "near"),
    ("Catherine", "Katherine Cole", "near"),
    ("Bob", "Robert Hill", "near"),
    ("Reed", "Read, Anna", "near"),
    ("Nakada", "中田", "near"),
    ("Lee", "Leeson Mark", "near"),
    # another's
    ("田中", "山田", "conflict"),
    ("田中", "大野", "conflict"),
    ("Nakata", "高橋 一郎", "conflict"),
    ("Tanaka", "John Smith", "conflict"),
    ("Smith", "Schmidt Paul", "conflict"),
    ("林", "小林", "conflict"),
    ("森", "大森", "conflict"),
    ("さとう", "Saionji", "conflict"),
    ("田中", "田端", "conflict"),
    ("Ono", "小野寺", "conflict"),
)
