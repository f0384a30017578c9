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

TEST(addresses_are_in_ranges)
{
    static const struct {
        const char *range, *ip;
        bool want;
    } rows[] = {
        {"10.0.0.0/8", "10.255.255.255", true}, {"10.0.0.0/8", "11.0.0.0", false},
        {"10.1.2.3/32", "10.1.2.3", true},      {"10.1.2.3/32", "10.1.2.2", false},
        {"0.0.0.0/0", "192.0.2.1", true},       {"0.0.0.0/0", "::1", false},
        {"10.0.0.128/25", "10.0.0.127", false}, {"10.0.0.128/25", "10.0.0.200", true},
        {"2001:db8::/33", "2001:db8::1", true}, {"2001:db8::/33", "2001:db8:8000::1", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AddressRange r;
        Address x, first;

        assert_true(address_range_parse(rows[i].range, &r) && address_parse(rows[i].ip, &x));
        if (address_in(&r, &x) != rows[i].want)
            fail_msg("%s in %s", rows[i].ip, rows[i].range);
        assert_true(address_parse("10.1.2.3", &first));
        assert_int_equal(address_equal(&x, &first), strcmp(rows[i].ip, "10.1.2.3") == 0);
    }
}
