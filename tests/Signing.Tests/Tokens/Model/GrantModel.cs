using Signing.AspNetCore;

namespace Signing.Tests.Tokens.Model;

/// <summary>What becomes of logins and tokens, told as the documents tell it, without a store and without regard to cost.</summary>
internal sealed class GrantModel(TokenOptions options)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(120);

    public List<ModelGrant> Grants { get; } = [];

    public List<ModelToken> Tokens { get; } = [];

    /// <summary>Gets when each version of the master key was made; the first is version 1.</summary>
    public List<DateTimeOffset> MasterKeys { get; } = [];

    public bool IsClientSuspended { get; set; }

    /// <summary>Gets the instants at which a verdict changes without anybody doing anything.</summary>
    public IEnumerable<DateTimeOffset> Borders => Tokens.Select(token => token.Ends)
        .Concat(Grants.Select(grant => grant.RotatedAt + Window))
        .Concat(MasterKeys.Skip(1).Select(made => WholeSecond(made + options.RefreshLifetime)));

    public ModelGrant LogIn(DateTimeOffset now)
    {
        var grant = new ModelGrant { RotatedAt = now };
        Grants.Add(grant);
        return grant;
    }

    /// <summary>Notes the tokens of an answer.</summary>
    public void Issue(ModelGrant grant, string accessToken, string refreshToken)
    {
        DateTimeOffset accessEnds = WholeSecond(grant.RotatedAt + options.AccessLifetime);
        DateTimeOffset refreshEnds = WholeSecond(grant.RotatedAt + options.RefreshLifetime);
        Tokens.Add(new ModelToken(grant, IsRefresh: false, grant.Sequence, MasterKeys.Count, accessEnds, accessToken));
        Tokens.Add(new ModelToken(grant, IsRefresh: true, grant.Sequence, MasterKeys.Count, refreshEnds, refreshToken));
    }

    /// <summary>Says what a refresh token gets, and whether it gets the same again.</summary>
    public (string Code, bool IsRepeated) Refresh(ModelToken token, DateTimeOffset now)
    {
        ModelGrant grant = token.Grant;
        if (RefusalOf(token, now) is { } refusal)
        {
            return (refusal, false);
        }

        if (token.Sequence == grant.Sequence)
        {
            (grant.Sequence, grant.RotatedAt, grant.IsUsed) = (grant.Sequence + 1, now, false);
            return ("valid", false);
        }

        if (IsRepeated(token, now))
        {
            return ("valid", true);
        }

        grant.EndedAs = "refresh_reused";
        return ("refresh_reused", false);
    }

    public void Revoke(ModelToken token, DateTimeOffset now)
    {
        if (IsKeyAccepted(token.KeyVersion, now))
        {
            token.Grant.EndedAs ??= "revoked";
        }
    }

    /// <summary>Whether presenting a token changes anything: its first use says that its answer has arrived.</summary>
    public static bool IsFirstUse(ModelToken token) =>
        !token.IsRefresh && token.Sequence > 0 && token.Sequence == token.Grant.Sequence && !token.Grant.IsUsed;

    /// <summary>Says what a token is worth where it belongs: an access token at the API, a refresh token at the introspection.</summary>
    public string Judge(ModelToken token, DateTimeOffset now)
    {
        if (RefusalOf(token, now) is { } refusal)
        {
            return refusal;
        }

        if (token.IsRefresh && token.Sequence != token.Grant.Sequence && !IsRepeated(token, now))
        {
            return "expired";
        }

        if (IsClientSuspended)
        {
            return "suspended";
        }

        token.Grant.IsUsed |= IsFirstUse(token);
        return "valid";
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time) =>
        new((time.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    private static bool IsRepeated(ModelToken token, DateTimeOffset now) =>
        token.Sequence == token.Grant.Sequence - 1 && !token.Grant.IsUsed && now - token.Grant.RotatedAt <= Window;

    private bool IsKeyAccepted(int version, DateTimeOffset now) => version == MasterKeys.Count || now < WholeSecond(MasterKeys[version] + options.RefreshLifetime);

    private string? RefusalOf(ModelToken token, DateTimeOffset now)
    {
        if (!IsKeyAccepted(token.KeyVersion, now))
        {
            return "tampered_token";
        }

        return now >= token.Ends ? "expired" : token.Grant.EndedAs;
    }
}
