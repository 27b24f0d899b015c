using Signing.AspNetCore;

namespace Signing.Tests.Credentials.Rules;

public sealed class RecordRulesTests
{
    public static TheoryData<string, bool> Names => new()
    {
        { "Orders", true },
        { "x", true },
        { "<img src=x onerror=alert(1)>", true },
        { "שלום \u202eabc", true },
        { "Пример 🙂", true },
        { new string('n', 200), true },
        { "", false },
        { " ", false },
        { " Orders", false },
        { "Orders ", false },
        { "Or\0ders", false },
        { "Or\nders", false },
        { "Or\u0085ders", false },
        { new string('n', 201), false },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_is_up_to_200_characters_that_people_can_read(string name, bool isName)
    {
        ChangeStatus expected = isName ? ChangeStatus.Changed : ChangeStatus.NameInvalid;

        Assert.Equal(expected, RecordRules.Check(SampleRows.Workspace with { Name = name }));
        Assert.Equal(expected, RecordRules.Check(SampleRows.Application with { Name = name }, SampleRows.Workspace));
        Assert.Equal(expected, RecordRules.Check(SampleRows.KeyPair with { Name = name }));
        Assert.Equal(expected, RecordRules.Check(SampleRows.SharingKey with { Name = name }));
    }

    // Not among the data above: what carries those between processes mends it.
    [Fact]
    public void Half_of_a_surrogate_pair_is_no_name() =>
        Assert.Equal(ChangeStatus.NameInvalid, RecordRules.Check(SampleRows.KeyPair with { Name = "half \ud83d" }));

    [Fact]
    public void A_bundle_id_is_any_text_up_to_256_characters_and_asked_for_where_the_workspace_says_so()
    {
        WorkspaceRecord strict = SampleRows.Workspace with { BundleIdRequired = true };

        Assert.Equal(ChangeStatus.BundleIdMissing, RecordRules.Check(SampleRows.Application, strict));
        Assert.Equal(ChangeStatus.Changed, RecordRules.Check(SampleRows.Application with { BundleId = new string('b', 256) }, strict));
        Assert.Equal(ChangeStatus.BundleIdInvalid, RecordRules.Check(SampleRows.Application with { BundleId = new string('b', 257) }, SampleRows.Workspace));
        Assert.Equal(ChangeStatus.BundleIdInvalid, RecordRules.Check(SampleRows.Application with { BundleId = "" }, SampleRows.Workspace));
    }

    [Theory]
    [InlineData(true, "orders.read", "orders:write", "https://api.example/scope")]
    [InlineData(false, "orders read")]
    [InlineData(false, "a\"b")]
    [InlineData(false, "a\\b")]
    [InlineData(false, "é")]
    [InlineData(false, "")]
    [InlineData(false, "a", "a")]
    public void Scopes_and_APIs_are_what_RFC_6749_permits_and_each_stands_once(bool isList, params string[] entries)
    {
        ChangeStatus expected = isList ? ChangeStatus.Changed : ChangeStatus.ListInvalid;

        Assert.Equal(expected, RecordRules.Check(SampleRows.KeyPair with { Scopes = entries }));
        Assert.Equal(expected, RecordRules.Check(SampleRows.SharingKey with { Scopes = entries }));
        Assert.Equal(expected, RecordRules.Check(SampleRows.Application with { ConnectedApis = entries }, SampleRows.Workspace));
    }

    [Fact]
    public void Lists_and_texts_have_their_limits()
    {
        string[] many = [.. Enumerable.Range(0, 65).Select(i => $"scope-{i}")];

        Assert.Equal(ChangeStatus.Changed, RecordRules.Check(SampleRows.KeyPair with { Scopes = many[..64] }));
        Assert.Equal(ChangeStatus.ListInvalid, RecordRules.Check(SampleRows.KeyPair with { Scopes = many }));
        Assert.Equal(ChangeStatus.Changed, RecordRules.Check(SampleRows.KeyPair with { Scopes = [new string('s', 128)], RevokedFor = new string('r', 2000) }));
        Assert.Equal(ChangeStatus.Changed, RecordRules.Check(SampleRows.Application with { Description = new string('d', 2000) }, SampleRows.Workspace));
        Assert.Equal(ChangeStatus.ListInvalid, RecordRules.Check(SampleRows.KeyPair with { Scopes = [new string('s', 129)] }));
        Assert.Equal(ChangeStatus.TextTooLong, RecordRules.Check(SampleRows.Application with { Description = new string('d', 2001) }, SampleRows.Workspace));
        Assert.Equal(ChangeStatus.TextTooLong, RecordRules.Check(SampleRows.KeyPair with { RevokedFor = new string('r', 2001) }));
        Assert.Equal(ChangeStatus.EnvironmentInvalid, RecordRules.Check(SampleRows.KeyPair with { Environment = "Live" }));
        Assert.Equal(ChangeStatus.EndInvalid, RecordRules.Check(SampleRows.KeyPair with { NotBefore = SampleRows.Now, Expires = SampleRows.Now }));
    }

    [Fact]
    public void Durations_of_a_workspace_are_positive_and_not_longer_than_ten_years()
    {
        WorkspaceRecord workspace = SampleRows.Workspace;

        Assert.Equal(ChangeStatus.Changed, RecordRules.Check(workspace with { DefaultLifetime = TimeSpan.FromDays(3650), RotationOverlap = TimeSpan.Zero }));
        Assert.Equal(ChangeStatus.DurationInvalid, RecordRules.Check(workspace with { DefaultLifetime = TimeSpan.Zero }));
        Assert.Equal(ChangeStatus.DurationInvalid, RecordRules.Check(workspace with { RotationAge = TimeSpan.FromDays(3651) }));
        Assert.Equal(ChangeStatus.DurationInvalid, RecordRules.Check(workspace with { RotationOverlap = TimeSpan.FromDays(91) }));
    }

    [Fact]
    public void Every_status_of_a_change_has_a_row_of_its_own()
    {
        ChangeStatus[] all = Enum.GetValues<ChangeStatus>();

        Assert.Equal(all.Length, all.Select(status => ChangeOutcome.Of(status).Code).Distinct(StringComparer.Ordinal).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => ChangeOutcome.Of((ChangeStatus)all.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChangeOutcome.Of((ChangeStatus)(-1)));
    }

    [Fact]
    public void No_row_shows_more_than_its_id()
    {
        Assert.Equal(["ws_1", "app_1", "crd_1"], [SampleRows.Workspace.ToString(), SampleRows.Application.ToString(), SampleRows.KeyPair.ToString()]);
        Assert.Equal("1 (…k9Zr)", SampleRows.Secret(1).ToString());
    }
}
