using System.Globalization;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Rules;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>Texts that PostgreSQL cannot hold, wherever strangers and people can put them.</summary>
public sealed class OddTextTests(SharedServer server) : CredentialNodes(server)
{
    // By their UTF-16 units: not every runner carries such a text to the test as it is.
    public static TheoryData<string> Texts => ["0061 0000 0062", "0000", "D800", "0061 DC00 0062", "D800 D800"];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task What_cannot_be_there_is_unknown(string units)
    {
        string text = TextOf(units);
        await CreateAsync();
        CredentialRecord token = (await Node.Store.GetAsync<CredentialRecord>("crd_2", Cancellation))!;

        Assert.Null(await Node.Store.FindAsync(text, Cancellation));
        Assert.Null(await Node.Store.FindByIdAsync(text, Cancellation));
        Assert.Null(await Node.Store.GetAsync<WorkspaceRecord>(text, Cancellation));
        foreach (RowQuery query in (RowQuery[])[new() { Text = text }, new() { ApplicationId = text }, new() { ParentId = text }, new() { WorkspaceIds = [text] }])
        {
            Assert.Empty((await Node.Store.ListAsync<CredentialRecord>(query, Cancellation)).Rows);
        }

        Assert.Empty((await Node.Store.ListAuditAsync(new RowQuery { Text = text }, Cancellation)).Rows);
        Assert.Empty((await Node.Store.ListAuditAsync(new RowQuery { WorkspaceIds = [text] }, Cancellation)).Rows);
        await Node.Store.MarkUsedAsync([new SecretUse(text, 1, new LastUse(Now, null)), new SecretUse(token.Id, 1, new LastUse(Now, text))], Cancellation);
        Assert.Equal(Now, (await Node.Store.GetAsync<CredentialRecord>(token.Id, Cancellation))!.LastUsed!.Value.At);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Node.Store.ListAsync<CredentialRecord>(new RowQuery { After = "1." + text }, Cancellation));
    }

    [Theory]
    [InlineData("9223372036854775807.crd_1")]
    [InlineData("99999999999999999999.crd_1")]
    [InlineData("-1.crd_1")]
    [InlineData("1")]
    public async Task A_place_to_begin_at_that_no_store_has_written_is_refused(string after) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Node.Store.ListAsync<CredentialRecord>(new RowQuery { After = after }, Cancellation));

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task What_people_write_is_kept_as_far_as_it_can_be(string units)
    {
        string text = TextOf(units);
        await CreateAsync();
        var actor = new Stamp(Now, text);
        AuditEvent entry = new() { At = Now, Actor = text, Action = "application.edited", Target = text, WorkspaceId = text, OtherWorkspaceId = text, Address = text, Outcome = "changed" };
        RowEdit edit = new(SampleRows.Application, SampleRows.Application with { Description = text, Created = actor, Version = 2 });
        SharingKeyRecord sharing = new()
        {
            Id = "shk_1",
            GrantorWorkspaceId = "ws_1",
            GranteeWorkspaceId = text,
            GranteeApplicationId = text,
            Name = "For beta",
            Secret = SampleRows.Secret(1),
            Created = actor,
        };

        Assert.Equal(ChangeStatus.Changed, await Node.Store.CommitAsync(new StoreChange([edit, new RowEdit(null, sharing)], [entry]), Cancellation));

        string kept = (await Node.Store.GetAsync<ApplicationRecord>("app_1", Cancellation))!.Description!;
        Assert.Contains('\uFFFD', kept);
        Assert.Equal(kept, Assert.Single((await Node.Store.ListAuditAsync(new RowQuery(), Cancellation)).Rows).Actor);
        Assert.Equal(ChangeStatus.NotFound, await Node.Store.CommitAsync(new StoreChange([new RowEdit(null, sharing with { Id = "shk_2", GrantorWorkspaceId = text })], []), Cancellation));
        Assert.Equal(
            ChangeStatus.NotFound, await Node.Store.CommitAsync(new StoreChange([new RowEdit(null, SampleRows.KeyPair with { Id = "crd_9", Key = "9", Name = "9", ApplicationId = text })], []), Cancellation));
    }

    [Fact]
    public async Task A_text_that_has_a_replacement_character_of_its_own_is_looked_for_and_found()
    {
        await CreateAsync();
        await CommitAsync(new RowEdit(SampleRows.Application, SampleRows.Application with { Name = "a\uFFFDb 🔑 ÄÖ", Version = 2 }));

        Assert.Single((await Node.Store.ListAsync<ApplicationRecord>(new RowQuery { Text = "A\uFFFDB 🔑 äö" }, Cancellation)).Rows);
    }

    private static string TextOf(string units) => new([.. units.Split(' ').Select(unit => (char)ushort.Parse(unit, NumberStyles.HexNumber, CultureInfo.InvariantCulture))]);
}
