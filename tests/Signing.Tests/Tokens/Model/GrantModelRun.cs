using System.Globalization;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens.Model;

/// <summary>Does at random what clients, operators, time and restarts do, and compares every answer and every token with the model.</summary>
internal sealed class GrantModelRun(int seed, ManualTimeProvider time, Func<IGrantStore> open) : IDisposable
{
    private readonly Random _random = new(seed);
    private readonly List<string> _steps = [];
    private TokenDeskSettings _settings = new() { Time = time };
    private GrantModel _model = null!;
    private TokenDesk? _desk;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task RunAsync(int steps)
    {
        _settings.Options.AccessLifetime = TimeSpan.FromSeconds(Any(60, 120, 900));
        _settings.Options.RefreshLifetime = _settings.Options.AccessLifetime + TimeSpan.FromSeconds(Any(0, 1, 600));
        _model = new GrantModel(_settings.Options);
        await OpenAsync();
        _model.MasterKeys.Add(time.GetUtcNow());
        for (int step = 0; step < steps; step++)
        {
            await StepAsync();
            foreach (ModelToken token in _model.Tokens.Where(token => !GrantModel.IsFirstUse(token)).ToArray())
            {
                await JudgeAsync(token);
            }
        }
    }

    public void Dispose() => _desk?.Dispose();

    private async Task OpenAsync()
    {
        _desk?.Dispose();
        _settings = _settings with { Store = open() };
        _desk = await TokenDesk.OpenAsync(_settings);
        Publish();
    }

    private async Task StepAsync()
    {
        ModelToken[] refreshTokens = [.. _model.Tokens.Where(token => token.IsRefresh)];
        ModelToken[] firstUses = [.. _model.Tokens.Where(GrantModel.IsFirstUse)];
        switch (_random.Next(20))
        {
            case 0 or 1 or 2:
                await LogInAsync();
                break;
            case < 7 when refreshTokens.Length > 0:
                await RefreshAsync(Any(refreshTokens[^Math.Min(3, refreshTokens.Length)..]));
                break;
            case < 10 when refreshTokens.Length > 0:
                await RefreshAsync(Any(refreshTokens));
                break;
            case 10 or 11 when firstUses.Length > 0:
                await JudgeAsync(Any(firstUses));
                break;
            case 12 when _model.Tokens.Count > 0:
                await RevokeAsync(Any([.. _model.Tokens]));
                break;
            case 13:
                Suspend();
                break;
            case 14:
                _model.MasterKeys.Add(time.GetUtcNow());
                Note($"master key {await _desk!.Keys.RotateAsync(Cancellation)}");
                break;
            case 15:
                Note("restart");
                await OpenAsync();
                break;
            default:
                MoveClock();
                break;
        }
    }

    private async Task LogInAsync()
    {
        ModelGrant grant = _model.LogIn(time.GetUtcNow());
        IssuedTokens issued = await _desk!.LogInAsync();
        Note($"login {_model.Grants.Count - 1}");
        _model.Issue(grant, issued.AccessToken!, issued.RefreshToken!);
    }

    private async Task RefreshAsync(ModelToken token)
    {
        Note($"refresh {Name(token)}");
        IssuedTokens issued = await _desk!.RefreshAsync(token.Text);
        (string code, bool isRepeated) = _model.Refresh(token, time.GetUtcNow());
        Check(code, issued.Verdict.Outcome.Code);
        if (isRepeated)
        {
            Check(Successor(token, isRefresh: false), issued.AccessToken!);
            Check(Successor(token, isRefresh: true), issued.RefreshToken!);
        }
        else if (code == "valid")
        {
            _model.Issue(token.Grant, issued.AccessToken!, issued.RefreshToken!);
        }
    }

    private string Successor(ModelToken token, bool isRefresh) =>
        _model.Tokens.Single(other => other.Grant == token.Grant && other.Sequence == token.Sequence + 1 && other.IsRefresh == isRefresh).Text;

    private async Task RevokeAsync(ModelToken token)
    {
        Note($"revoke {Name(token)}");
        _model.Revoke(token, time.GetUtcNow());
        if (_desk!.Verifier.Read(token.IsRefresh ? TokenKind.Refresh : TokenKind.Access, token.Text, out TokenContent content) is TokenStatus.Valid or TokenStatus.Expired)
        {
            await _desk.Issuer.RevokeAsync(content, _desk.Client, Cancellation);
        }
    }

    private async Task JudgeAsync(ModelToken token)
    {
        string expected = _model.Judge(token, time.GetUtcNow());
        TokenVerdict verdict = token.IsRefresh
            ? await _desk!.Verifier.IntrospectAsync(token.Text, static _ => true, Cancellation)
            : await _desk!.VerifyAsync(token.Text);
        Check(expected, verdict.Outcome.Code, Name(token));
    }

    private void Suspend()
    {
        _model.IsClientSuspended = !_model.IsClientSuspended;
        Note($"suspended {_model.IsClientSuspended}");
        Publish();
    }

    // What an API asks for each access token; whoever refreshes or logs in has been asked before.
    private void Publish()
    {
        Credential client = _settings.Client;
        StoredStatus status = _model.IsClientSuspended ? StoredStatus.Suspended : StoredStatus.Active;
        _settings.Credentials.Set(new Credential(client.Key) { Id = client.Id, Scopes = client.Scopes, Status = status });
    }

    // To where something changes, a tick or a second before or behind it, or by some seconds.
    private void MoveClock()
    {
        DateTimeOffset[] ahead = [.. _model.Borders.Where(border => border > time.GetUtcNow()).Order().Take(3)];
        TimeSpan distance = ahead.Length == 0 ? TimeSpan.FromSeconds(_random.Next(30)) : Any(ahead) - time.GetUtcNow() + new TimeSpan(Any(-TimeSpan.TicksPerSecond, -1, 0, 1, TimeSpan.TicksPerSecond));
        time.Advance(distance > TimeSpan.Zero ? distance : TimeSpan.Zero);
        Note("clock");
    }

    private T Any<T>(params T[] values) => values[_random.Next(values.Length)];

    private string Name(ModelToken token) =>
        string.Create(CultureInfo.InvariantCulture, $"{(token.IsRefresh ? "refresh" : "access")} token {token.Sequence} of login {_model.Grants.IndexOf(token.Grant)}");

    private void Note(string step) => _steps.Add(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fffffff} {step}"));

    private void Check(string expected, string actual, string what = "") =>
        Assert.True(expected == actual, $"Seed {seed}: expected {expected}, got {actual} {what}\n{string.Join('\n', _steps)}");
}
