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

TEST(of_parts_of_a_range)
{
    static const struct {
        const char *range;
        unsigned prefix;
        uint64_t i;
        const char *want;
    } rows[] = {
        {"10.96.0.0/16", 32, 0, "10.96.0.0"},
        {"10.96.0.0/16", 32, 65535, "10.96.255.255"},
        {"10.88.0.0/16", 24, 3, "10.88.3.0"},
        {"10.0.0.1/32", 32, 0, "10.0.0.1"},
        {"fd00::/112", 128, 10, "fd00::a"},
        {"fd00:88::/48", 64, 258, "fd00:88:0:102::"},
        {"fd00::/64", 128, UINT64_MAX, "fd00::ffff:ffff:ffff:ffff"},
        {"::/0", 128, 1, "::1"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AddressRange range;
        Address at;

        assert_true(address_range_parse(rows[i].range, &range));
        address_part(&range, rows[i].prefix, rows[i].i, &at);
        assert_string_equal(at.text, rows[i].want);
        assert_true(address_in(&range, &at));
    }
}

TEST(of_ranges_of_a_cluster)
{
    static const struct {
        const char *text, *v4, *v6; /* both NULL: it cannot be read */
    } rows[] = {
        {"10.96.0.0/16", "10.96.0.0/16", NULL},
        {"fd00::/112", NULL, "fd00::/112"},
        {"10.96.0.0/16,fd00::/112", "10.96.0.0/16", "fd00::/112"},
        {"fd00::/112,10.96.0.0/16", "10.96.0.0/16", "fd00::/112"},
        {"10.96.0.0/16,10.97.0.0/16", NULL, NULL},
        {"10.96.0.1/16", NULL, NULL},
        {"10.96.0.0/16,", NULL, NULL},
        {"10.96.0.0/16, fd00::/112", NULL, NULL},
        {"10.96.0.0/16,fd00::/112,10.97.0.0/16", NULL, NULL},
        {"::ffff:10.96.0.0/112", NULL, NULL},
        {"010.96.0.0/16", NULL, NULL},
        {"", NULL, NULL},
        {"1111111111111111111111111111111111111111111111111111111111111111111/16", NULL, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AddressRanges ranges;
        const AddressRange *v4, *v6;

        assert_int_equal(address_ranges_parse(rows[i].text, &ranges), rows[i].v4 || rows[i].v6);
        if (!rows[i].v4 && !rows[i].v6)
            continue;
        v4 = address_ranges_of(&ranges, "IPv4");
        v6 = address_ranges_of(&ranges, "IPv6");
        assert_string_equal(v4 ? v4->text : "", rows[i].v4 ? rows[i].v4 : "");
        assert_string_equal(v6 ? v6->text : "", rows[i].v6 ? rows[i].v6 : "");
        assert_null(address_ranges_of(&ranges, "IPv5"));
    }
}
