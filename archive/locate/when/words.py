"""The words of time in Japanese and English, and what kind each is.

A table. Knows nothing of how they are put together: that is the grammar's.
"""

from typing import Final

Word = tuple[str, object]

JA: Final[dict[str, Word]] = {}
EN: Final[dict[str, Word]] = {}
# Said with what they stand before or behind; alone they say nothing.
FILLERS: Final = frozenset((
    "の", "に", "は", "で", "が", "を", "も", "へ", "、", ",", "。", ".", "・", ";", "ね", "です", "でした",
    "だ", "った", "だった", "たぶん", "多分", "確か", "たしか", "おそらく", "どこか", "いつか", "いずれか",
    "どちらか", "どれか", "のどれか", "某日", "の間", "のあいだ", "のうち", "時間帯", "の時期", "の期間", "期間中", "つい", "ほんの", "わずか",
    "今から", "付け", "付", "すぐ", "つまり", "すなわち", "のある日", "の分",
    "the", "of", "in", "on", "at", "a.d.", "maybe", "perhaps", "probably", "sometime", "some", "time",
    "either", "during", "over", "within", "throughout", "just", "towards", "toward", "i", "think",
    "it", "was", "only", "ca.", "ca", "say", "very", "i.e", "i.e.", "ie",
    "must have been", "would have been", "might have been", "could have been", "i believe", "i reckon", "i guess",
    "if i recall", "pretty sure", "at some point", "any time", "anytime", "anywhere",
))  # fmt: skip
# Those that belong to what they stand before.
LEADS: Final = frozenset((
    "の", "に", "は", "で", "が", "を", "も", "へ", "the", "of", "in", "on", "at", "during", "over",
    "within", "throughout", "sometime", "towards", "toward",
))  # fmt: skip


def _add(words: dict[str, Word], kind: str, table: dict[str, object]) -> None:
    for spelled, value in table.items():
        for each in spelled.split(","):
            words[each.replace("_", " ")] = (kind, value)


for _unit in ("年", "月", "日", "時", "分", "秒", "半", "週", "曜", "前", "後", "台", "末"):
    JA[_unit] = (_unit, None)
_add(JA, "count", {
    "年間": "year", "ヶ月,か月,ヵ月,カ月,ケ月,箇月,ヶ月間,か月間": "month", "週間": "week", "日間": "day",
    "時間": "hour", "分間": "minute",
})  # fmt: skip
_add(JA, "weekday", {
    name: frozenset({day})
    for day, kanji in enumerate("月火水木金土日")
    for name in (kanji + "曜日", kanji + "曜")
})  # fmt: skip
_add(JA, "weekday", {
    "平日,ウィークデー,ウイークデー": frozenset(range(5)),
    "土日,週末": frozenset({5, 6}),
})  # fmt: skip
_add(JA, "day", {
    "今日,本日,きょう": 0, "昨日,きのう": -1, "一昨日,おととい,おとつい": -2,
    "一昨々日,さきおととい": -3, "明日,あした,あす": 1, "明後日,あさって": 2,
})  # fmt: skip
_add(JA, "ほど", {"ほど,程": "about"})
_add(JA, "以内", {"以内,以上,以下,未満,連続,続けて,続き": None})
_add(JA, "of_month", {"月分,月号,月度,月生まれ,先月分,今月分,来月分,前月分,翌月分,月末締め": None})
_add(JA, "営業日", {"営業日": frozenset(range(5))})
_add(JA, "ひと月", {"ひと月": 1, "ふた月": 2})
_add(JA, "ここ", {"ここ,この,ここ最近": None})
_add(JA, "今頃", {"今頃,今ごろ,いまごろ,同じ頃,同時期": None})
_add(JA, "week", {"今週": 0, "先週,前週": -1, "先々週,先先週": -2, "来週": 1})
_add(JA, "rel_month", {"今月": 0, "先月,前月": -1, "先々月,先先月": -2, "来月": 1})
_add(JA, "rel_year", {
    "今年,ことし,本年": 0, "去年,昨年,前年": -1, "一昨年,おととし": -2, "来年": 1,
})  # fmt: skip
_add(JA, "rel_fiscal", {"今年度,本年度,今期": 0, "昨年度,前年度,去年度": -1, "来年度": 1})
_add(JA, "era", {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911})
_add(JA, "元", {"元年": None})
_add(JA, "旬", {
    "はじめ,初め,始め,頭,あたま,に入ってすぐ,に入って早々,に入ったばかり": "begin",
    "上旬,初旬": "early", "中旬,半ば,なかば,中頃,中ごろ,真ん中,まんなか,中盤": "mid",
    "中ほど,中程,中位": "mid", "初めの方,はじめの方,始めの方,頭の方,前の方,初めのほう,はじめのほう,頭のほう,序盤,初頭": "early",
    "終わりの方,おわりの方,終りの方,後ろの方,末の方,終わりのほう,おわりのほう,後ろのほう,終盤": "late",
    "下旬": "late", "終わり,おわり,終り,末,末日": "end", "前半": "first_half", "後半": "second_half",
})  # fmt: skip
_add(JA, "month_part", {
    "月初めの方,月はじめの方,月頭の方": "early", "月終わりの方,月末の方": "late",
    "月初,月初め,月はじめ,月頭": "begin", "月末,月終わり": "end", "月半ば,月なかば": "mid",
})  # fmt: skip
_add(JA, "year_part", {"年初": "begin"})
_add(JA, "第", {"第": None})
_add(JA, "最終", {"最終,最後": -1, "最初": 1})
_add(JA, "目", {"週目": None})
_add(JA, "番目", {"番目": None})
_add(JA, "月", {"月内": None})
_add(JA, "翌", {"翌": None})
_add(
    JA,
    "weekpart",
    {
        "週明け": "monday",
        "週半ば,週なかば,週の半ば,週の真ん中,週の中頃": "middle",
        "週初め,週頭": "begin",
    },
)
_add(JA, "fiscal_year", {"年度": None})
_add(JA, "fiscal_part", {
    "年度末": "end", "年度初め,年度はじめ,年度頭": "begin",
    "上期,上半期": "first_half", "下期,下半期": "second_half",
})  # fmt: skip
_add(JA, "quarter_word", {"四半期,クォーター,クオーター,クウォーター": None})
_add(JA, "午", {"午前": "am", "午後": "pm"})
_add(JA, "part", {
    "日中,昼間": "daytime",
    "未明": "small_hours", "早朝,明け方,朝早く,朝早い,朝早い時間": "early_morning",
    "朝一,朝いちばん,朝イチ,朝いち,朝一番,始業直後,開店直後,営業開始直後,受付開始直後,始業と同時,開店と同時,営業開始と同時,受付開始と同時,始業すぐ,開店すぐ,始業時間すぐ": "opening",
    "終業間際,閉店間際,終業直前,閉店直前,終業まぎわ,閉店まぎわ,営業終了間際,営業終了まぎわ,営業終了直前,受付終了間際,受付終了直前,閉まる直前,閉まる間際": "closing", "朝": "morning",
    "午前中,昼前,お昼前": "forenoon", "お昼,昼,正午前後,昼時,昼どき,お昼時": "noon_about", "昼一,昼イチ,昼いち,午後一,午後イチ,午後いち": "after_noon",
    "昼休み,お昼休み,ランチタイム,ランチ": "lunch", "昼過ぎ,昼すぎ,お昼過ぎ,お昼過ぎ,お昼すぎ,昼下がり": "after_lunch",
    "夕方,夕刻,夕": "evening", "仕事帰り,仕事終わり": "after_work", "夕飯時,夕食時": "dinner", "夕方早く": "early_evening", "夕方遅く": "late_evening",
    "夜,晩,夜間": "night", "夜遅く,夜おそく,夜更け,夜ふけ": "late_night", "夜遅い時間": "late_night", "深夜,深夜帯": "deep_night",
    "夜中,真夜中": "dead_of_night", "正午": "noon",
})  # fmt: skip
_add(JA, "day_part", {
    "今朝,けさ": (0, "morning"), "今晩,今夜": (0, "night"), "今夕": (0, "evening"),
    "昨夜,昨晩,ゆうべ,夕べ": (-1, "night"), "一昨日夜": (-2, "night"), "昨夕": (-1, "evening"),
    "一昨晩": (-2, "night"),
})  # fmt: skip
_add(JA, "approx", {
    "ごろ,頃,ころ,くらい,ぐらい,位,前後,あたり,辺り,近辺,付近,ぐらいの,ごろの,らへん,かそこら,かその辺,かその辺り,かそのあたり,かその近辺,かその前後,かその前後の日,とその前後,かその頃": "about",
    "直前": "before", "直後": "after", "を回った頃,を回ったころ,を過ぎた頃,過ぎた頃,過ぎたころ,過ぎたあたり,を過ぎたあたり": "after",
    "過ぎ,すぎ,回った,まわった,少し回った,ちょっと回った,少し過ぎ": "after",
    "ちょっと前,少し前,ちょい前": "before", "ちょうど,丁度,ジャスト": "sharp",
})  # fmt: skip
# Before what it is said of, never behind it: 10月21日のだいたい15時.
_add(JA, "およそ", {"約,およそ,おおよそ,だいたい,大体,ざっくり": "about"})
_add(JA, "bound", {
    "以降,以後,いこう,に入ってから,になってから,に入って以降": "from", "より後,よりも後,よりあと": "after",
    "まで,までに,以前,にかけて": "until", "より前,よりも前": "before",
})  # fmt: skip
_add(JA, "to", {"から,より": "ja", "~": "sign"})
_add(JA, "or", {"か,または,又は,もしくは,若しくは,あるいは,それとも": None})
_add(JA, "and", {"と,及び,および,&": None})
_add(JA, "shift", {
    "翌日,次の日,あくる日,明くる日": 1, "翌々日": 2, "前の日,前日": -1, "前々日": -2,
    "当日,同日,同じ日,その日": 0,
})  # fmt: skip
_add(JA, "次", {"次の": None})
_add(JA, "shift_few", {"数日後": (2, 5), "数週間後": (14, 35)})
_add(JA, "shift_part", {
    "翌朝": (1, "morning"), "翌晩": (1, "night"), "翌夕": (1, "evening"), "前夜,前の晩": (-1, "night"),
})  # fmt: skip
_add(JA, "work_shift", {"翌営業日,次の営業日": 1, "前営業日,前の営業日": -1})
_add(JA, "week_shift", {"翌週,次の週": 1, "前の週": -1, "翌々週": 2, "同じ週": 0})
_add(JA, "same_weekday", {"同じ曜日,同曜日,今日と同じ曜日": None})
_add(JA, "run_day", {"初日": "first", "最終日,最後の日": "last", "中日,なか日": "mid"})
_add(JA, "last", {"この前,前回,直近": None})
_add(JA, "明け", {"明け,あけ": None})
_add(
    JA, "早く", {"早く,早め,早い時間,早い時間帯": "early", "遅く,遅め,遅い時間,遅い時間帯": "late"}
)
_add(JA, "連休", {"連休,連休中": 3, "休み明け,休日明け": 2})
_add(JA, "中", {"中,中に,じゅう,に入って,になって": None})
_add(JA, "recent", {
    "さっき,先ほど,先程": "just", "最近,この間,こないだ,先日": "lately", "数日前": "days",
    "数週間前": "weeks", "数か月前,数ヶ月前,数カ月前": "months",
})  # fmt: skip
_add(JA, "season", {
    "春,春季": "spring", "夏,夏場,夏季,夏期": "summer", "秋,秋季": "autumn", "冬,冬場,冬季,冬期": "winter",
    "春先": "early_spring", "夏休み,夏季休暇,夏期休暇,夏季休業,夏期休業": "summer_holidays", "冬休み": "winter_holidays",
    "春休み": "spring_holidays", "梅雨": "rains", "初夏": "early_summer", "真夏,盛夏": "midsummer",
    "初秋,秋口": "early_autumn", "晩秋": "late_autumn", "初冬": "early_winter", "真冬": "midwinter",
})  # fmt: skip
_add(JA, "feast", {
    "元日,元旦": "new_year_day", "正月,お正月,正月休み,お正月休み,三が日,三ヶ日": "new_year", "年末年始,年末年始休み,年末年始の休み,年末年始休暇,年末年始の休暇": "year_turn",
    "年末,暮れ,年の瀬,年の暮れ,歳末": "year_end", "年始,年明け": "year_begin",
    "ゴールデンウィーク,ゴールデンウイーク,gw,大型連休": "golden_week",
    "お盆,盆休み,お盆休み,盆": "obon", "シルバーウィーク,シルバーウイーク": "silver_week",
    "クリスマス": "christmas", "クリスマスイブ,クリスマスイヴ,イブ": "christmas_eve",
    "仕事納め,御用納め,仕事納めの日": "work_end", "仕事始め,御用始め,仕事始めの日": "work_begin", "大晦日,大みそか": "new_year_eve", "バレンタイン,バレンタインデー": "valentine",
    "ハロウィン,ハロウィーン": "halloween", "成人の日": "Coming of Age Day",
    "建国記念の日,建国記念日": "Foundation Day", "天皇誕生日": "Emperor's Birthday",
    "春分の日": "Vernal Equinox Day", "秋分の日": "Autumnal Equinox Day",
    "昭和の日": "Showa Day", "憲法記念日": "Constitution Day", "みどりの日": "Greenery Day",
    "こどもの日,子供の日": "Children's Day", "海の日": "Marine Day", "山の日": "Mountain Day",
    "敬老の日": "Respect for the Aged Day", "スポーツの日,体育の日": "Sports Day",
    "節分": "setsubun", "ひな祭り,ひなまつり,桃の節句": "dolls", "七夕": "stars", "七五三": "children",
    "文化の日": "Culture Day", "勤労感謝の日": "Labor Thanksgiving Day",
    "感謝祭,サンクスギビング,サンクスギビングデー,サンクスギビングデイ": "thanksgiving", "春のお彼岸,春の彼岸": "spring_higan", "秋のお彼岸,秋の彼岸": "autumn_higan",
})  # fmt: skip
_add(JA, "holiday", {"祝日,祭日": None})
_add(JA, "rest_day", {"休日": None, "土日祝,土日祝日": None})
_add(JA, "stop", {
    "春日,朝日,夏目,今日子,明日香,あすか,きょうこ,きょうか,日本,日本人,時点,分かる,分から,半分,年齢,月額,今回,"
    "一日中,前後関係": None,
})  # fmt: skip

_add(EN, "month", {
    names: month + 1 for month, names in enumerate((
        "january,jan", "february,feb", "march,mar", "april,apr", "may", "june,jun", "july,jul",
        "august,aug", "september,sep,sept", "october,oct", "november,nov", "december,dec",
    ))
})  # fmt: skip
_add(EN, "weekday", {
    names: frozenset({day}) for day, names in enumerate((
        "monday,mondays,mon", "tuesday,tuesdays,tue,tues", "wednesday,wednesdays,wed,weds",
        "thursday,thursdays,thu,thur,thurs", "friday,fridays,fri", "saturday,saturdays,sat",
        "sunday,sundays,sun",
    ))
})  # fmt: skip
_add(EN, "weekday", {
    "weekday,weekdays,business_day,business_days,working_day,working_days,workday": frozenset(range(5)),
    "weekend,weekends": frozenset({5, 6}),
})  # fmt: skip
_add(EN, "day", {
    "today": 0, "yesterday": -1, "day_before_yesterday,the_day_before_yesterday": -2, "tomorrow": 1,
})  # fmt: skip
_add(EN, "last", {"last": "last"})
_add(EN, "prev", {"previous,preceding": None})
_add(EN, "this", {"this,current": None})
_add(EN, "next", {"next,coming": "next", "following": "following"})
_add(EN, "shift", {"that_day,that_same_day": 0})
_add(EN, "shift_on", {"same_day,same_day_as": 0})
_add(EN, "before_last", {"before_last": None})
_add(EN, "unit", {
    "day,days": "day", "week,weeks,wk,wks": "week", "month,months": "month", "year,years,yr,yrs": "year",
    "hour,hours,hr": "hour", "minute,minutes,min,mins": "minute", "fortnight,fortnights": "fortnight",
    "quarter": "quarter",
})  # fmt: skip
_add(EN, "ago", {"ago,back,earlier": None})
_add(EN, "after", {"after,later_than": None, "past": "past"})
_add(EN, "before", {"before,prior_to": None})
_add(EN, "later", {"later": "late"})
_add(EN, "article", {"a,an": None})
_add(EN, "weekpart", {"midweek,mid_week": "middle"})
_add(EN, "third", {
    "early,early_in,early_part,earlier_in": "early", "mid,middle,mid_way_through,midway_through,halfway_through": "mid",
    "late,late_in,later_in,latter_part,later_part,last_part,last_third,final_third": "late",
    "first_part,first_third,opening_part": "early", "middle_part,middle_third": "mid",
    "first_days,opening_days": "begin", "last_days,final_days,closing_days,tail_end,very_end": "end",
    "beginning,start": "begin", "end": "end", "first_half": "first_half",
    "second_half,latter_half": "second_half",
})  # fmt: skip
_add(EN, "week_from", {"week_commencing,week_beginning,week_starting": 1, "week_ending": -1})
_add(EN, "final", {"final": -1})
_add(EN, "ampm", {"am,a.m.,a.m": "am", "pm,p.m.,p.m": "pm"})
_add(EN, "part", {
    "small_hours,early_hours,wee_hours": "small_hours", "early_morning,dawn,daybreak": "early_morning",
    "morning,mornings": "morning", "mid_morning": "mid_morning", "before_lunch": "forenoon",
    "after_work": "after_work", "dinner_time,dinnertime,supper_time,suppertime": "dinner",
    "teatime,tea_time": "tea", "elevenses": "elevenses", "last_thing_on": "closing", "last_thing_at_night": "late_night",
    "closing_time,close_of_business,before_closing,before_closing_time,before_you_closed,just_before_closing,just_before_closing_time,"
    "just_before_you_closed,right_before_closing,near_closing_time": "closing", "opening_time,just_after_opening,when_you_opened": "opening", "late_morning": "late_morning", "forenoon,before_noon": "forenoon",
    "lunch,lunchtime,lunch_time,lunch_break,lunch_hour,midday": "lunch",
    "early_afternoon,after_lunch": "after_lunch", "afternoon,afternoons,arvo": "afternoon",
    "late_afternoon": "late_afternoon", "evening,evenings": "evening_en", "early_evening": "early_evening",
    "late_evening": "late_evening", "night,nights,nighttime": "night",
    "late_night,late_at_night": "late_night", "noon,noonish": "noon", "midnight": "midnight",
    "middle_of_the_night,dead_of_night,dead_of_the_night": "dead_of_night", "first_thing": "opening",
})  # fmt: skip
_add(
    EN,
    "day_part",
    {"tonight": (0, "night"), "last_night": (-1, "night"), "yesterday_night": (-1, "night")},
)
_add(EN, "clock_half", {"half_past,half_after": 30})
_add(EN, "clock_past", {"quarter_past,quarter_after": 15})
_add(EN, "clock_to", {"quarter_to,quarter_of,quarter_till,quarter_before": 15})
_add(EN, "oclock", {"o'clock,oclock,hrs": None})
_add(
    EN,
    "ish",
    {
        "ish,or_so,or_thereabouts,thereabouts,give_or_take,give_or_take_a_day,give_or_take_a_bit,give_or_take_an_hour": "about"
    },
)
_add(EN, "approx", {"sharp,on_the_dot,on_the_hour,to_the_day": "sharp"})
_add(EN, "pre", {
    "around,about,abt,abt.,approximately,approx,approx.,roughly,circa,nearly,almost,somewhere_around,close_to,near,in_the_region_of,or_around": "about",
    "just_after,shortly_after,a_little_after,soon_after,a_bit_after,just_gone,just_past": "after",
    "just_before,shortly_before,a_little_before,a_bit_before,run_up_to,the_run_up_to,leading_up_to": "before", "exactly,precisely": "sharp",
})  # fmt: skip
_add(EN, "since", {
    "since,starting,not_before,no_earlier_than": "from", "from": "of",
    "until,till,by,up_to,no_later_than,not_later_than,at_the_latest": "until",
})  # fmt: skip
_add(EN, "bound", {"onwards,onward": "from"})
_add(EN, "between", {"between,btw,btwn,bet.": None})
_add(EN, "to", {"to,through,thru": "en"})
_add(EN, "or", {"or": None})
_add(EN, "and", {"and": None})
_add(EN, "but", {"but": None})
_add(EN, "hundred", {"hundred": None})
_add(
    EN,
    "recent",
    {
        "just_now": "just",
        "recently,lately,the_other_day,other_day": "lately",
        "the_other_week": "other_week",
    },
)
_add(EN, "other", {"the_other": None})
_add(EN, "season", {
    "spring,springtime": "spring", "summer,summertime,summer_months": "summer", "autumn,fall,autumn_months": "autumn",
    "winter,wintertime,winter_months": "winter",
})  # fmt: skip
_add(EN, "feast", {
    "the_new_year": "year_begin", "half_term": "half_term", "new_year's_day": "new_year_day", "new_year's_eve": "new_year_eve", "new_year,new_years,new_year's": "new_year",
    "golden_week,golden_week_holiday,golden_week_holidays": "golden_week",
    "obon,bon,obon_holiday,obon_holidays,obon_season,obon_period,bon_holiday,bon_holidays,bon_festival": "obon",
    "new_year_holiday,new_year_holidays,new_year's_holiday,new_year's_holidays,year_end_holidays": "year_turn", "silver_week": "silver_week",
    "christmas,xmas": "christmas", "christmas_eve": "christmas_eve", "boxing_day": "boxing_day",
    "thanksgiving,thanksgiving_day": "thanksgiving", "black_friday": "black_friday",
    "easter": "easter", "halloween": "halloween", "valentine's_day,valentine's": "valentine",
    "labor_day": "Labor Day", "memorial_day": "Memorial Day", "independence_day,fourth_of_july": "Independence Day",
    "columbus_day": "Columbus Day", "veterans_day": "Veterans Day", "martin_luther_king_day,mlk_day": "Martin Luther King Jr. Day",
    "presidents_day,presidents'_day": "Washington's Birthday",
    "august_bank_holiday,summer_bank_holiday": "Late Summer Bank Holiday",
    "spring_bank_holiday,late_may_bank_holiday": "Spring Bank Holiday",
    "early_may_bank_holiday,may_day": "May Day",
    "good_friday": "Good Friday", "easter_monday": "Easter Monday",
    "year_end,year's_end": "year_end",
})  # fmt: skip
_add(
    EN,
    "holiday",
    {
        "public_holiday,public_holidays,bank_holiday,bank_holidays,national_holiday,"
        "holiday,holidays": None
    },
)
_add(EN, "eve", {"eve": None})
_add(EN, "fiscal_year", {"fiscal_year,financial_year,fy,fiscal": None})
_add(EN, "half_word", {"half": None})
_add(EN, "q", {"q": None})
_add(EN, "era", {"reiwa": 2018, "heisei": 1988, "showa": 1925})
_add(EN, "era_letter", {"r": 2018, "s": 1925, "t": 1911})
EN["h"] = ("era_letter", 1988)
_add(EN, "few", {"few,several": "few", "couple,couple_of": "couple"})
_add(EN, "unknown", {"ends_in,ending_in,end_in,ended_in,ends,ending_on": None})
_add(EN, "zone", {"utc,gmt": 0, "jst": 9})
# Words of English that are no time where nothing of time stands beside them.
GUARDED: Final = frozenset({
    "may", "march", "mar", "sat", "sun", "wed", "fall", "spring", "april", "june", "august", "a.m", "past", "back",
    "bon", "h", "r", "s", "t", "q", "end", "start", "half", "final", "middle", "mid", "dawn", "summer", "autumn",
    "winter", "eve", "hr", "hrs", "min", "late", "later", "early",
})  # fmt: skip
# Days of the calendar where a day is counted from them; else somebody's leave.
BARE_HOLIDAYS: Final = frozenset({"holiday", "holidays"})
LONGEST_JA: Final = max(map(len, JA))
LONGEST_EN: Final = 5  # words
