using System.Text.Json;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>A client that comes with tokens and sharing keys of another, however it got them: what it is told does not depend on what they are worth, and nothing becomes of them.</summary>
public sealed class OthersTokensTests
{
    private static readonly int Drawn = Math.Max(Effort.Of(160), 40);

    [Fact]
    public async Task No_answer_tells_what_anothers_token_is_worth_and_nothing_becomes_of_it()
    {
        await using OthersTokens others = await OthersTokens.StartAsync();
        others.Api.Host.Clock.Advance(TimeSpan.FromSeconds(2));
        await DrawAsync(others, new Draw(11), isLate: false);

        // The answer that was lost is given again: nobody has used what was in it.
        Assert.Equal((others.Unheard.Access, others.Unheard.Refresh), await others.RefreshAsync(others.Owner, others.Unheard.Before));
        Assert.Equal(200, (await others.Api.GetAsync(others.Unheard.Access)).Status);

        // Access tokens have ended, and of the login without a refresh token nothing is known any more.
        others.Api.Host.Clock.Advance(TimeSpan.FromHours(1));
        await DrawAsync(others, new Draw(12), isLate: true);
        Assert.NotEqual("", (await others.RefreshAsync(others.Owner, others.Unheard.Refresh)).Access);
    }

    private static async Task DrawAsync(OthersTokens others, Draw draw, bool isLate)
    {
        var codes = new HashSet<string?>(StringComparer.Ordinal);
        await SendAsync(others, "/auth/token", "form", "basic", "", "grant_type=client_credentials", "");
        string before = await others.ReadAsync();
        for (int i = 0; i < Drawn / 2; i++)
        {
            string path = draw.Of("/auth/refresh", "/auth/token", "/auth/revoke", "/auth/introspect", "/auth/login");
            string proof = draw.Of("basic", "basic", "content", "content", "signed", "wrong", "none", "both");
            string member = path switch
            {
                "/auth/login" => "sharing_key",
                "/auth/revoke" or "/auth/introspect" => "token",
                _ => "refresh_token",
            };
            string more = draw.Of("", "", "token_type_hint=access_token", "token_type_hint=refresh_token", "scope=read", "scope=write");
            string kind = member == "sharing_key" ? "sharing" : draw.Of("access", "refresh");
            string? first = null;
            foreach (string text in others.Texts[kind])
            {
                RawAnswer answer = await SendAsync(others, path, path is "/auth/refresh" or "/auth/login" ? "json" : "form", proof, member, more, text);
                string told = answer.ToString().Replace($"Date: {answer["Date"]}", "", StringComparison.Ordinal);
                first ??= told;
                codes.Add(TokenApi.Member(answer.Body.Length == 0 ? new RawAnswer(200, [], "{}"u8.ToArray()) : answer, "code"));
                Assert.True(told == first, $"{path} {proof} {more}, {kind} {others.Texts[kind].IndexOf(text)}, late {isLate}:\n{told}\nis not\n{first}");
            }

            Assert.Equal(before, await others.ReadAsync());
        }

        Assert.Superset(new HashSet<string?> { "invalid_credential", "malformed_token", "sharing_key_refused", null }, codes);
    }

    private static Task<RawAnswer> SendAsync(OthersTokens others, string path, string form, string proof, string member, string more, string text)
    {
        (string key, string secret) = others.Thief;
        Dictionary<string, string> members = [];
        if (proof is "content" or "wrong" or "both")
        {
            (members["client_id"], members["client_secret"]) = (key, proof == "wrong" ? secret + "x" : secret);
        }

        if (path == "/auth/token" && text.Length > 0)
        {
            members["grant_type"] = "refresh_token";
        }

        if (text.Length > 0)
        {
            members[member] = text;
        }

        if (more.Length > 0)
        {
            members[more.Split('=')[0]] = more.Split('=')[1];
        }

        string content = form == "json" ? JsonSerializer.Serialize(members) : string.Join('&', members.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
        RequestDraft draft = others.Api.Draft(path, form == "json" ? "application/json" : "application/x-www-form-urlencoded", content, proof == "signed");
        (draft.KeyId, draft.Secret) = (key, secret);
        if (proof is "basic" or "both")
        {
            draft.With("Authorization", TokenApi.Basic(key, secret));
        }

        return others.Api.Host.SendAsync(draft);
    }
}
