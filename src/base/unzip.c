/* unzip.c: what is known of an archive before it is opened. */
#include "base/unzip.h"

#include <string.h>

#include "base/text.h"

bool zip_looks(const void *bytes, size_t n)
{
    return n > 21 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0);
}

static bool step_safe(const char *s, size_t n)
{
    return n > 0 && !(n == 1 && s[0] == '.') && !(n == 2 && s[0] == '.' && s[1] == '.');
}

bool zip_name_safe(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n >= ZIP_NAME || !utf8_valid(name, n) || name[0] == '/' || strpbrk(name, "\\:"))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
            return false;
    for (const char *s = name; *s;) {
        size_t k = strcspn(s, "/");
        if (!step_safe(s, k))
            return false;
        s += k + (s[k] == '/');
    }
    return true;
}
