/* fault.c: see fault.h. */
#include "base/fault.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Reasons as the readers of archives, XML and workbooks give them; of those that end in ".." what follows stands behind. */
static const struct {
    const char *en, *ja;
} reasons[] = {
    {"it has no file",                                                                                 "中にファイルがありません"                                 },
    { "a member without a name",                                                                       "名前のない中身があります"                                 },
    { "a member whose name is neither UTF-8 nor CP932",                                                "中身の名前が UTF-8 でも CP932 でもありません"          },
    { "its entry cannot be read",                                                                      "見出しを読めません"                                          },
    { "a name that is no plain path below a directory",                                                "フォルダーの外を指す名前です"                           },
    { "it is encrypted; take the password off",                                                        "暗号化されています。パスワードを外してください"},
    { "packed in a way that mizo does not read (store and deflate)",
     "読めない圧縮方式です(無圧縮と deflate だけ読めます)"                                                                                                },
    { "it is in the archive twice",                                                                    "同じ名前が二度入っています"                              },
    { "it is damaged (its checksum or its packing)",                                                   "壊れています(検査値か圧縮の誤り)"                      },
    { "the archive unpacks to more than it may",                                                       "展開すると大きすぎます"                                    },
    { "it unpacks to more than 500 times its size",                                                    "展開すると 500 倍を超えます"                               },
    { "it cannot be opened",                                                                           "開けません"                                                      },
    { "more members than an archive may have",                                                         "中身の数が多すぎます"                                       },
    { "the archive is damaged or cut",                                                                 "壊れているか、途中で切れています"                     },
    { "elements within elements, deeper than 64",                                                      "要素の入れ子が 64 段を超えます"                          },
    { "more than 67,108,864 elements",                                                                 "要素が 67,108,864 個を超えます"                              },
    { "an element with more than 32 attributes",                                                       "属性が 32 個を超える要素があります"                    },
    { "an element with more than 1 MiB of text",                                                       "文字が 1 MiB を超える要素があります"                    },
    { "not well-formed XML",                                                                           "整った XML ではありません"                                  },
    { "a document type declaration (DOCTYPE), which such a file does not need and mizo does not read",
     "文書型宣言 (DOCTYPE) があります。このファイルには要らず、読みません"                                                                        },
    { "a byte that is no letter of Shift_JIS (CP932)",                                                 "Shift_JIS (CP932) の文字ではないバイトがあります"      },
    { "more than 1 GiB of text",                                                                       "文字が 1 GiB を超えます"                                      },
    { "UTF-16 text; save it as UTF-8",                                                                 "UTF-16 です。UTF-8 で保存してください"                    },
    { "an encoding that mizo does not read (UTF-8, Shift_JIS)..",
     "読めない文字コードです(UTF-8 か Shift_JIS)"                                                                                                                 },
    { "bytes that are not UTF-8, though it says so",                                                   "UTF-8 と書いてあるのに UTF-8 ではありません"           },
    { "Opening and ending tag mismatch: ..",                                                           "開始タグと終了タグが合いません: "                      },
    { "Premature end of data in tag ..",                                                               "途中で終わっています。閉じていないタグ: "          },
    { "Start tag expected, '<' not found",                                                             "XML の要素がありません"                                      },
    { "Extra content at the end of the document",                                                      "文書の終わりの後に余分な内容があります"            },
    { "Document is empty",                                                                             "空です"                                                            },
    { "Couldn't find end of Start Tag ..",                                                             "開始タグが閉じていません: "                               },
    { "EndTag: '</' not found",                                                                        "終了タグがありません"                                       },
    { "Specification mandates value for attribute ..",                                                 "値のない属性があります: "                                  },
    { "AttValue: ..",                                                                                  "属性の値の書き方が違います: "                            },
    { "Entity ..",                                                                                     "使えない実体参照です: "                                     },
    { "xmlParseEntityRef: ..",                                                                         "& の書き方が違います: "                                      },
    { "Input is not proper UTF-8, ..",                                                                 "UTF-8 ではない文字があります: "                            },
    { "it says that it is a number, and is none",                                                      "数値のはずのセルが数値ではありません"               },
    { "its shared text is not in the file",                                                            "共有文字列がファイルにありません"                     },
    { "the same cell stands there twice",                                                              "同じセルが二度あります"                                    },
    { "it says that it is a date, and is none",                                                        "日付のはずのセルが日付ではありません"               },
    { "this is a zip archive, but no workbook (.xlsx)",                                                "zip ですが、ブック (.xlsx) ではありません"              },
    { "a sheet without a name or a relation",                                                          "名前か参照のないシートがあります"                     },
    { "more than 256 sheets",                                                                          "シートが 256 枚を超えます"                                  },
    { "the sheet's part is not in the file",                                                           "シートの中身がファイルにありません"                  },
    { "the workbook's part is not in the file",                                                        "ブックの中身がファイルにありません"                  },
    { "it names no workbook",                                                                          "ブックを示していません"                                    },
    { "no workbook (.xlsx)",                                                                           "ブック (.xlsx) ではありません"                              },
    { "an old workbook (.xls) or one with a password; save it as .xlsx without a password",
     "旧形式 (.xls) かパスワード付きのブックです。パスワードのない .xlsx で保存してください"                                               },
    { "larger than 256 MiB",                                                                           "256 MiB を超えます"                                              },
    { "a row whose number cannot be",                                                                  "ありえない行番号があります"                              },
    { "a cell whose address cannot be",                                                                "ありえないセル番地があります"                           },
    { "a cell outside of every sheet",                                                                 "シートの範囲の外にセルがあります"                     },
    { "a merged range whose address cannot be",                                                        "ありえない結合範囲があります"                           },
    { "a cell with more than 1 MiB of text",                                                           "文字が 1 MiB を超えるセルがあります"                    },
    { "a text of more than 1 MiB",                                                                     "1 MiB を超える文字列があります"                           },
    { "more than ..",                                                                                  "多すぎます: "                                                    },
};

const char *fault_ja(const char *why, char out[FAULT_TEXT])
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        const char *en = reasons[i].en;
        size_t n = strlen(en);
        bool begins = n > 2 && strcmp(en + n - 2, "..") == 0;
        if (begins ? strncmp(why, en, n - 2) : strcmp(why, en))
            continue;
        (void)snprintf(out, FAULT_TEXT, "%s%s", reasons[i].ja, begins ? why + n - 2 : "");
        return out;
    }
    (void)snprintf(out, FAULT_TEXT, "%s", why);
    return out;
}
