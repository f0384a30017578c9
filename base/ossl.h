/*
 * ossl.h - OpenSSL's objects, freed at the end of their scope.
 *
 *     OSSL_CLEANUP(BIGNUM, bn_freep, BN_free)
 *     OSSL(bn_freep) BIGNUM *n = BN_new();
 */
#ifndef BASE_OSSL_H
#define BASE_OSSL_H

#define OSSL_CLEANUP(type, name, fn)                                                               \
    static void name(type **p)                                                                     \
    {                                                                                              \
        fn(*p);                                                                                    \
    }
#define OSSL(fn) __attribute__((cleanup(fn)))

#endif
