using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

/// <summary>One node that issues tokens, without HTTP: its clock, its credentials and its store are the test's.</summary>
internal sealed class TokenDesk : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private TokenDesk(TokenDeskSettings settings)
    {
        Time = settings.Time;
        Store = settings.Store ?? new InMemoryGrantStore(time: Time);
        Credentials = settings.Credentials;
        Client = settings.Client;
        Credentials.Set(Client);
        Keys = new TokenKeys(Store, settings.KeyRing, settings.Options, Time, Logger);
        var metrics = new TokenMetrics(_services.GetRequiredService<IMeterFactory>());
        Verifier = new TokenVerifier(settings.Options, Store, Keys, Credentials, Time, metrics, Logger, settings.Sharing);
        Issuer = new TokenIssuer(settings.Options, Store, Keys, Verifier, Time, metrics, Logger);
    }

    public ManualTimeProvider Time { get; }

    public IGrantStore Store { get; }

    public CredentialBook Credentials { get; }

    /// <summary>Gets the credential that logs in, as it was at the start.</summary>
    public Credential Client { get; }

    public TokenKeys Keys { get; }

    public TokenVerifier Verifier { get; }

    public TokenIssuer Issuer { get; }

    public LogBook Log { get; } = new();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    private ILogger Logger => Log.CreateLogger("tokens");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TokenDesk> OpenAsync(TokenDeskSettings? settings = null)
    {
        TokenDesk desk = new(settings ?? new TokenDeskSettings());
        await desk.Keys.LoadAsync(Cancellation);
        return desk;
    }

    public async Task<IssuedTokens> LogInAsync(bool withRefreshToken = true)
    {
        IssuedTokens tokens = await Issuer.LogInAsync(new LogIn(Client, Client.Scopes) { WithRefreshToken = withRefreshToken }, Cancellation);
        Assert.Equal(TokenStatus.Valid, tokens.Verdict.Status);
        return tokens;
    }

    public Task<IssuedTokens> RefreshAsync(IssuedTokens tokens) => RefreshAsync(tokens.RefreshToken!);

    public async Task<IssuedTokens> RefreshAsync(string refreshToken)
    {
        TokenStatus status = Verifier.Read(TokenKind.Refresh, refreshToken, out TokenContent content);
        return status == TokenStatus.Valid
            ? await Issuer.RefreshAsync(content, Client, Cancellation)
            : new IssuedTokens(new TokenVerdict(status, Content: content));
    }

    public async Task<TokenVerdict> VerifyAsync(string accessToken) => await Verifier.VerifyAccessAsync(accessToken, Cancellation);

    public void Dispose()
    {
        Keys.Dispose();
        _services.Dispose();
    }
}
