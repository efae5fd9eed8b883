/* word.c: words of the store as people read them; ids and JSON keep the word. */
#include <string.h>

#include "cli/cli.h"

const char *cli_word(bool ja, const char *word)
{
    static const char *const text[][2] = {
        {"measured",      "確定"                  },
        { "provisional",  "速報"                  },
        { "estimated",    "推計"                  },
        { "filled",       "補完"                  },
        { "split",        "按分"                  },
        { "simulated",    "模擬"                  },
        { "manual",       "手入力"               },
        { "missing",      "欠測"                  },
        { "good",         "有効"                  },
        { "ending",       "期限間近"            },
        { "expired",      "期限切れ"            },
        { "unknown",      "不明"                  },
        { "gone",         "撤去済み"            },
        { "waiting",      "判断待ち"            },
        { "accepted",     "採用"                  },
        { "replaced",     "差し替え"            },
        { "rated-power",  "契約電力"            },
        { "thousandfold", "桁違い"               },
        { "low",          "低圧"                  },
        { "high",         "高圧"                  },
        { "extra-high",   "特別高圧"            },
        { "average",      "全国平均"            },
        { "alternative",  "代替値"               },
        { "raw",          "未調整"               },
        { "basic",        "基礎"                  },
        { "adjusted",     "調整後"               },
        { "menu",         "メニュー別"         },
        { "residual",     "残差"                  },
        { "model",        "地域のファイル"   },
        { "none",         "なし"                  },
        { "price",        "価格帯"               },
        { "year",         "年の電源構成"      },
        { "series",       "系列"                  },
        { "mix",          "エリアの電源構成"},
    };
    for (size_t i = 0; ja && i < sizeof text / sizeof *text; i++)
        if (strcmp(text[i][0], word) == 0)
            return text[i][1];
    return word;
}
