/* inventory_words.c: see inventory_words.h. */
#include "city/inventory_words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct {
    inventory_of of;
    const char *id, *ja, *en;
} words[] = {
    { INVENTORY_SECTOR, "all", "合計", "total" },
    { INVENTORY_SECTOR, "merged", "部門をまたぐ", "across sectors" },
    { INVENTORY_SECTOR, "civil", "民生", "civil" },
    { INVENTORY_SECTOR, "home", "家庭", "homes" },
    { INVENTORY_SECTOR, "household", "家庭", "households" },
    { INVENTORY_SECTOR, "business", "業務", "business" },
    { INVENTORY_SECTOR, "commercial", "業務", "commercial" },
    { INVENTORY_SECTOR, "industry", "産業", "industry" },
    { INVENTORY_SECTOR, "manufacturing", "製造", "manufacturing" },
    { INVENTORY_SECTOR, "construction", "建設・鉱業", "construction and mining" },
    { INVENTORY_SECTOR, "agriculture", "農林水産", "agriculture, forestry, fishery" },
    { INVENTORY_SECTOR, "energy", "エネルギー転換", "energy conversion" },
    { INVENTORY_SECTOR, "energy-conversion", "エネルギー転換", "energy conversion" },
    { INVENTORY_SECTOR, "process", "工業プロセス", "industrial processes" },
    { INVENTORY_SECTOR, "industrial-process", "工業プロセス", "industrial processes" },
    { INVENTORY_SECTOR, "transport", "運輸", "transport" },
    { INVENTORY_SECTOR, "transport-road", "運輸（自動車）", "transport, road" },
    { INVENTORY_SECTOR, "transport-rail", "運輸（鉄道）", "transport, rail" },
    { INVENTORY_SECTOR, "transport-ship", "運輸（船舶）", "transport, ships" },
    { INVENTORY_SECTOR, "transport-air", "運輸（航空）", "transport, air" },
    { INVENTORY_SECTOR, "waste", "廃棄物", "waste" },
    { INVENTORY_SECTOR, "fuel-combustion", "燃料の燃焼", "fuel combustion" },
    { INVENTORY_SECTOR, "farming", "農業分野", "farming" },
    { INVENTORY_SECTOR, "f-gases", "代替フロン等", "fluorinated gases" },
    { INVENTORY_GAS, "co2", "CO2", "CO2" },
    { INVENTORY_GAS, "ch4", "メタン", "CH4" },
    { INVENTORY_GAS, "n2o", "一酸化二窒素", "N2O" },
    { INVENTORY_GAS, "hfcs", "HFCs", "HFCs" },
    { INVENTORY_GAS, "pfcs", "PFCs", "PFCs" },
    { INVENTORY_GAS, "sf6", "SF6", "SF6" },
    { INVENTORY_GAS, "nf3", "NF3", "NF3" },
    { INVENTORY_GAS, "all", "すべてのガス", "all gases" },
    { INVENTORY_GAS, "total", "すべてのガス", "all gases" },
    { INVENTORY_FORM, "electricity", "電力", "electricity" },
    { INVENTORY_FORM, "heat", "熱・燃料", "heat and fuels" },
    { INVENTORY_FORM, "non-energy", "非エネルギー", "not energy" },
    { INVENTORY_FORM, "all", "すべて", "all" },
    { INVENTORY_FORM, "total", "すべて", "all" },
};
/* clang-format on */

const char *inventory_word(inventory_of of, const char *id, const char *lang, char out[INVENTORY_WORD])
{
    static const char part[] = "part-";
    bool ja = strcmp(lang, "ja") == 0;
    if (of == INVENTORY_SECTOR && strncmp(id, part, sizeof part - 1) == 0) {
        (void)snprintf(out, INVENTORY_WORD, ja ? "内訳 %.40s" : "part %.40s", id + sizeof part - 1);
        return out;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].of == of && strcmp(words[i].id, id) == 0)
            id = ja ? words[i].ja : words[i].en;
    (void)snprintf(out, INVENTORY_WORD, "%s", id);
    return out;
}
