#include "keys/provider.h"

#include "base/err.h"

static const KeyProviderType *const types[] = {&key_provider_file, &key_provider_kms,
                                               &key_provider_pkcs11};

int key_provider_open(const char *spec, KeyProvider **ret, Err *err)
{
    Slice rest = slice_of(spec), scheme;

    if (!slice_cut(&rest, ':', &scheme))
        return err_set(err, ERR_BAD_REQUEST, "'%s' is no key provider: want SCHEME:REST", spec);
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (slice_is(scheme, types[i]->scheme))
            return types[i]->open(rest.ptr, ret, err);
    return err_set(err, ERR_BAD_REQUEST, "'%s': no such kind of key provider (file, kms, pkcs11)",
                   spec);
}

void key_provider_close(KeyProvider *p)
{
    if (p)
        p->type->close(p);
}
