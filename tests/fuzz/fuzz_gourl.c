#include "base/gourl.h"
#include "tests/fuzz/fuzz.h"

/* What is refused says why, and is refused without asking, too; what is taken has its parts inside
 * the text, and its path is one again when printed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice text = {(const char *)data, size};

    for (int form = GOURL_ANY; form <= GOURL_REQUEST; form++) {
        AUTO_BUF why = BUF_INIT, out = BUF_INIT, user = BUF_INIT;
        GoUrl u, again;
        bool is_right = gourl_parse(text, (GoUrlForm)form, &u, &why);

        BUG_ON(is_right != (why.len == 0));
        BUG_ON(gourl_parse(text, (GoUrlForm)form, &again, NULL) != is_right);
        if (!is_right)
            continue;
        BUG_ON(u.host.len > size || u.path.len > size || u.query.len > size);
        gourl_print_user(&u, &user);
        gourl_print_path(&u, &out);
        if (u.path.len > 0 && u.path.ptr[0] == '/')
            BUG_ON(!gourl_parse(buf_slice(&out), GOURL_REQUEST, &again, NULL));
    }
    return 0;
}
