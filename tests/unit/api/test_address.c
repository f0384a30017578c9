#include "api/address.h"

#include "tests/unit/test.h"

TEST(of_addresses)
{
    static const struct {
        const char *text, *want; /* want: NULL when it is none */
        unsigned n_bits;
        bool has_zeros, is_mapped;
    } rows[] = {
        {"10.0.0.1", "10.0.0.1", 32, false, false},
        {"010.0.0.01", "10.0.0.1", 32, true, false},
        {"0.0.0.0", "0.0.0.0", 32, false, false},
        {"::ffff:1.2.3.4", "1.2.3.4", 32, false, true},
        {"::ffff:01.2.3.4", "1.2.3.4", 32, true, true},
        {"::ffff:102:304", "1.2.3.4", 32, false, true},
        {"2001:DB8:0:0::1", "2001:db8::1", 128, false, false},
        {"::1", "::1", 128, false, false},
        {"::1.2.3.4", "::102:304", 128, false, false},
        {"10.0.0.256", NULL, 0, false, false},
        {"10.0.0", NULL, 0, false, false},
        {"10.0.0.1 ", NULL, 0, false, false},
        {"", NULL, 0, false, false},
        {"fe80::1%eth0", NULL, 0, false, false},
        {":::", NULL, 0, false, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Address a;

        assert_int_equal(address_parse(rows[i].text, &a), rows[i].want != NULL);
        if (!rows[i].want)
            continue;
        assert_string_equal(a.text, rows[i].want);
        assert_int_equal(a.n_bits, rows[i].n_bits);
        assert_int_equal(a.has_zeros, rows[i].has_zeros);
        assert_int_equal(a.is_mapped, rows[i].is_mapped);
    }
}

TEST(of_ranges)
{
    static const struct {
        const char *text, *want;
        bool has_zeros, has_more;
    } rows[] = {
        {"10.0.0.0/8", "10.0.0.0/8", false, false},
        {"10.0.0.1/8", "10.0.0.0/8", false, true},
        {"10.0.0.0/08", "10.0.0.0/8", true, false},
        {"010.0.0.0/8", "10.0.0.0/8", true, false},
        {"0.0.0.0/0", "0.0.0.0/0", false, false},
        {"2001:db8::1/64", "2001:db8::/64", false, true},
        {"::/0", "::/0", false, false},
        {"10.0.0.1/32", "10.0.0.1/32", false, false},
        {"::ffff:1.2.3.0/120", "1.2.3.0/24", false, false},
        {"10.0.0.0/33", NULL, false, false},
        {"10.0.0.0/+8", NULL, false, false},
        {"10.0.0.0/", NULL, false, false},
        {"10.0.0.0", NULL, false, false},
        {"::/129", NULL, false, false},
        {"10.0.0.0/99999999999", NULL, false, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AddressRange r;

        assert_int_equal(address_range_parse(rows[i].text, &r), rows[i].want != NULL);
        if (!rows[i].want)
            continue;
        assert_string_equal(r.text, rows[i].want);
        assert_int_equal(r.has_zeros, rows[i].has_zeros);
        assert_int_equal(r.has_more, rows[i].has_more);
    }
}
