"""English names that one person has in several forms: Bob is Robert, スミス is Smith.

A table. The short forms are those that `nicknames` 1.0.1 has too (Apache-2.0,
github.com/carltonnorthern/nicknames), the usual ones of it; the kana are as newspapers write them.
"""

from typing import Final

from archive.folded_names import fold

_SHORT: Final = """
abigail abby; alexander alex al; alexandra alex sandra; alfred al fred; andrew andy drew;
anthony tony; barbara babs; benjamin ben benny; catherine cathy kathy katy; charles charlie chuck;
christina chris tina; christine chris; christopher chris; cynthia cindy; daniel dan danny;
david dave; deborah deb debbie; donald don; edward ed eddie ted; elizabeth beth betty liz lisa;
eugene gene; frances fran; francis frank; franklin frank; frederick fred; gerald gerry jerry;
gregory greg; harold hal harry; henry harry hank; jacob jake; james jim jimmy jamie; janet jan;
jeffrey jeff; jennifer jen jenny; jessica jess; john jack johnny; jonathan jon; joseph joe joey;
joshua josh; judith judy; katherine kate kathy katy; kenneth ken kenny; kimberly kim;
lawrence larry; leonard len leo; margaret maggie meg peggy; matthew matt; michael mike mick;
nancy nan; nathaniel nate; nicholas nick; pamela pam; patricia pat patty tricia;
patrick pat; peter pete; philip phil; rebecca becky; richard dick rich rick; robert bob bobby rob;
ronald ron; samantha sam; samuel sam; sandra sandy; stephanie steph; stephen steve; steven steve;
susan sue suzie; theodore ted theo; theresa terry tess; thomas tom tommy; timothy tim;
victoria vicky; vincent vince; virginia ginny; walter walt; william bill billy will
"""
_KANA: Final = """
スミス smith ジョンソン johnson ウィリアムズ williams ウイリアムズ williams ブラウン brown
ジョーンズ jones ガルシア garcia ミラー miller デイビス davis デービス davis ロドリゲス rodriguez
マルティネス martinez ウィルソン wilson ウイルソン wilson アンダーソン anderson トーマス thomas
テイラー taylor テーラー taylor ムーア moore ジャクソン jackson マーティン martin リー lee
トンプソン thompson ホワイト white ハリス harris クラーク clark ルイス lewis ロビンソン robinson
ウォーカー walker ヤング young アレン allen キング king ライト wright スコット scott ヒル hill
グリーン green アダムズ adams アダムス adams ネルソン nelson ベイカー baker ベーカー baker
ホール hall キャンベル campbell ミッチェル mitchell カーター carter ロバーツ roberts
エバンズ evans エヴァンズ evans エバンス evans ターナー turner パーカー parker コリンズ collins
エドワーズ edwards スチュワート stewart モリス morris マーフィー murphy クック cook
ロジャース rogers モーガン morgan クーパー cooper ベイリー bailey ベル bell ワード ward
ワトソン watson ブルックス brooks ベネット bennett ウッド wood グレイ gray ヒューズ hughes
ウェッブ webb リード reed オブライエン o'brien ケリー kelly アレックス alex アンドリュー andrew
アンディ andy アンソニー anthony トニー tony ベン ben キャサリン catherine ケイト kate
ケイティ katy チャールズ charles チャーリー charlie クリス chris クリストファー christopher
ダニエル daniel ダン dan デイビッド david デビッド david デイヴ dave エドワード edward
エリザベス elizabeth リズ liz ベス beth フランク frank フレッド fred ヘンリー henry ハリー harry
ジェームズ james ジェームス james ジム jim ジェニファー jennifer ジェニー jenny ジョン john
ジャック jack ジョセフ joseph ジョー joe ケン ken ケネス kenneth ローレンス lawrence ラリー larry
マーガレット margaret メアリー mary マシュー matthew マイケル michael マイク mike ニック nick
ニコラス nicholas ピーター peter リチャード richard リック rick ロバート robert ボブ bob ロブ rob
サム sam サラ sarah スティーブン stephen スティーヴン stephen スティーブ steve スーザン susan
トム tom ティム tim ティモシー timothy ウィリアム william ビル bill エミリー emily エマ emma
ジェーン jane ジェイン jane アン anne ポール paul マーク mark ジョージ george ケビン kevin
ブライアン brian
"""
_WORDS: Final = _KANA.split()
_LATIN: Final = {fold(kana): latin for kana, latin in zip(_WORDS[::2], _WORDS[1::2], strict=True)}
_IN_KANA: Final = {
    latin: tuple(kana for kana, other in _LATIN.items() if other == latin)
    for latin in _LATIN.values()
}
_FORMS: Final = tuple(frozenset(line.split()) for line in _SHORT.split(";"))


def latin(word: str) -> str:
    """A folded word as it is spelt in English, where it is such a name in kana."""
    return _LATIN.get(word, word)


def in_kana(word: str) -> tuple[str, ...]:
    """The folded kana of an English name, in the table; none of others."""
    return _IN_KANA.get(latin(word), ())


def is_given_name(word: str) -> bool:
    """A folded word that is an English given name with a short form, or one itself."""
    return any(latin(word) in forms for forms in _FORMS)


def is_english_name(word: str) -> bool:
    """A folded word that is a name of the tables, in Latin letters or in kana."""
    return latin(word) in _IN_KANA or is_given_name(word)


def other_forms(word: str) -> frozenset[str]:
    """The names that a folded word is short for, or that are short for it or for the same."""
    plain = latin(word)
    return frozenset().union(*(forms for forms in _FORMS if plain in forms)) - {plain}
