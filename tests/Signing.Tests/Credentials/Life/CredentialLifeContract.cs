using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Life;

/// <summary>Whatever operators do in whatever order, every store does what the documents say; the orders are drawn by a seed, and time jumps to the instants at which something begins or ends.</summary>
public abstract class CredentialLifeContract
{
    private const int Steps = 60;

    private static readonly Actor Ann = new("ann");
    private static readonly string[] AllScopes = ["read", "write"];
    private static readonly TimeSpan[] Spans = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromDays(14), TimeSpan.FromDays(90)];

    private readonly List<ExpectedCredential> _credentials = [];
    private readonly List<string> _events = ["workspace.created", "application.created"];
    private Random _random = new(0);
    private WorkspaceRecord _workspace = null!;
    private ApplicationRecord _application = null!;

    protected ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    protected SecretSeal Seal { get; } = new(new EphemeralDataProtectionProvider());

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => Clock.GetUtcNow();

    [Theory]
    [InlineData(4)]
    [InlineData(54)]
    [InlineData(74)]
    [InlineData(97)]
    public async Task Whatever_operators_do_in_whatever_order_is_what_the_documents_say(int seed)
    {
        _random = new Random(seed);
        LifeNode first = Nodes()[0];
        _workspace = (await first.Desk.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, Ann, Cancellation)).Row!;
        _application = (await first.Desk.CreateApplicationAsync(new NewApplication { WorkspaceId = _workspace.Id, Name = "Shop" }, Ann, Cancellation)).Row!;
        for (int step = 0; step < Steps; step++)
        {
            await ActAsync(Pick(Nodes()).Desk);
            await PauseAsync(_random.Next(4) == 0);
            foreach (LifeNode node in Nodes())
            {
                await CheckAsync(node.Store);
            }
        }
    }

    private protected abstract IReadOnlyList<LifeNode> Nodes();

    /// <summary>Has every node hear of what was done; now and then also what happens to stores between two changes.</summary>
    protected abstract Task PauseAsync(bool isLong);

    private protected CredentialAdministration DeskOf(ICredentialStore store) => new(store, Seal, new CredentialFormat("acme"), Clock);

    private Task ActAsync(CredentialAdministration desk)
    {
        ExpectedCredential[] there = [.. _credentials.Where(credential => !credential.IsDeleted)];
        int choice = there.Length < 2 ? 0 : _random.Next(16);
        ExpectedCredential one = there.Length == 0 ? null! : Pick(there);
        return choice switch
        {
            0 or 1 => CreateAsync(desk, there.Length == 0 || _random.Next(2) == 0 ? null : one),
            2 or 3 => RotateAsync(desk, one),
            4 => RuleAsync(one, "credential.retired", desk.RetireAsync, () => one.Former(Now)!.Until = Now, [(!one.IsKeyPair, ChangeStatus.NotAKeyPair), (one.Former(Now) is null, ChangeStatus.NotRotating)]),
            5 => RenewAsync(desk, one),
            6 => RuleAsync(one, "credential.suspended", desk.SuspendAsync, () => one.IsSuspended = true, [(one.IsSuspended, ChangeStatus.Unchanged)]),
            7 => RuleAsync(one, "credential.resumed", desk.ResumeAsync, () => one.IsSuspended = false, [(!one.IsSuspended, ChangeStatus.Unchanged)]),
            8 or 9 => RevokeAsync(desk, one),
            10 => RuleAsync(one, "credential.kept", desk.KeepAsync, () => one.RevokedFrom = null, [(one.RevokedFrom is null, ChangeStatus.Unchanged)]),
            11 => EditAsync(desk, one),
            12 => _random.Next(3) == 0 ? DeleteAsync(desk, one) : SurroundAsync(desk),
            _ => MoveAsync(),
        };
    }

    private async Task CreateAsync(CredentialAdministration desk, ExpectedCredential? parent)
    {
        string name = Name();
        DateTimeOffset? from = _random.Next(4) == 0 ? Now + Pick(Spans) : null;
        DateTimeOffset? end = _random.Next(2) == 0 ? Now + Pick(Spans) : null;
        string[] scopes = [.. (parent?.Scopes ?? AllScopes).Where(_ => _random.Next(2) == 0)];
        NewCredential wanted = new()
        {
            Kind = parent is null ? CredentialKind.KeyPair : CredentialKind.ApiToken,
            ApplicationId = _application.Id,
            ParentId = parent?.Id,
            Name = name,
            Scopes = scopes,
            NotBefore = from,
            Expires = end,
        };
        SecretResult result = await desk.CreateCredentialAsync(wanted, Ann, Cancellation);
        if (Answers(result.Status, "credential.created", (end <= Now || end <= from, ChangeStatus.EndInvalid), (parent is { IsKeyPair: false }, ChangeStatus.ParentInvalid),
            (parent?.IsRevoked(Now) == true, ChangeStatus.AlreadyRevoked), (IsTaken(name, null), ChangeStatus.NameTaken)))
        {
            var made = new ExpectedCredential(result.Credential!.Id, name, result.Credential.Key, parent) { From = from, End = end, Scopes = scopes };
            made.Secrets.Add(new ExpectedSecret(result.Text!, Now));
            _credentials.Add(made);
        }
    }

    private async Task RotateAsync(CredentialAdministration desk, ExpectedCredential one)
    {
        TimeSpan overlap = Pick(Spans);
        SecretResult result = await desk.RotateAsync(one.Id, null, overlap, Ann, Cancellation);
        if (Answers(result.Status, "credential.rotated", (one.IsRevoked(Now), ChangeStatus.AlreadyRevoked), (!one.IsKeyPair, ChangeStatus.NotAKeyPair), (one.Former(Now) is not null, ChangeStatus.AlreadyRotating)))
        {
            one.Secrets[^1].Until = new[] { Now + overlap, one.LastInstant }.Min();
            one.Secrets.Add(new ExpectedSecret(result.Text!, Now));
        }
    }

    private async Task RuleAsync(
        ExpectedCredential one, string action, Func<string, long?, Actor, CancellationToken, Task<RowResult<CredentialRecord>>> rule, Action done, (bool IsSo, ChangeStatus Status)[] reasons)
    {
        ChangeStatus status = (await rule(one.Id, null, Ann, Cancellation)).Status;
        if (Answers(status, action, [(one.IsRevoked(Now), ChangeStatus.AlreadyRevoked), .. reasons]))
        {
            done();
        }
    }

    private async Task RenewAsync(CredentialAdministration desk, ExpectedCredential one)
    {
        DateTimeOffset? end = _random.Next(4) == 0 ? null : Now + Pick(Spans);
        ChangeStatus status = (await desk.RenewAsync(one.Id, null, end, Ann, Cancellation)).Status;
        if (Answers(status, "credential.renewed", (one.IsRevoked(Now), ChangeStatus.AlreadyRevoked), (end <= Now || end <= one.From, ChangeStatus.EndInvalid), (end == one.End, ChangeStatus.Unchanged)))
        {
            one.End = end;
        }
    }

    private async Task RevokeAsync(CredentialAdministration desk, ExpectedCredential one)
    {
        TimeSpan after = Pick(Spans);
        ChangeStatus status = (await desk.RevokeAsync(one.Id, null, "leaked", after, Ann, Cancellation)).Status;
        if (Answers(status, "credential.revoked", (one.IsRevoked(Now), ChangeStatus.AlreadyRevoked)))
        {
            one.RevokedFrom = Now + after;
        }
    }

    private async Task EditAsync(CredentialAdministration desk, ExpectedCredential one)
    {
        string name = _random.Next(2) == 0 ? one.Name : Name();
        string[] scopes = [.. AllScopes.Where(_ => _random.Next(2) == 0)];
        ChangeStatus status = (await desk.EditAsync<CredentialRecord>(one.Id, null, row => row with { Name = name, Scopes = scopes }, Ann, Cancellation)).Status;
        if (Answers(status, "credential.edited", (name == one.Name && scopes.SequenceEqual(one.Scopes), ChangeStatus.Unchanged), (one.IsRevoked(Now), ChangeStatus.AlreadyRevoked),
            (one.Parent is { } parent && scopes.Except(parent.Scopes).Any(), ChangeStatus.ScopeNotGranted), (IsTaken(name, one), ChangeStatus.NameTaken)))
        {
            (one.Name, one.Scopes) = (name, scopes);
            foreach (ExpectedCredential token in _credentials.Where(token => token.Parent == one && !token.IsDeleted && !token.IsRevoked(Now) && token.Scopes.Except(scopes).Any()))
            {
                token.Scopes = [.. token.Scopes.Intersect(scopes)];
                _events.Add("credential.edited");
            }
        }
    }

    private async Task DeleteAsync(CredentialAdministration desk, ExpectedCredential one)
    {
        Assert.Equal(ChangeStatus.Changed, await desk.DeleteAsync<CredentialRecord>(one.Id, null, Ann, Cancellation));
        foreach (ExpectedCredential gone in _credentials.Where(other => !other.IsDeleted && (other == one || other.Parent == one)))
        {
            gone.IsDeleted = true;
            _events.AddRange(gone.IsRevoked(Now) ? ["credential.deleted"] : ["credential.revoked", "credential.deleted"]);
        }
    }

    private async Task SurroundAsync(CredentialAdministration desk)
    {
        if (_random.Next(2) == 0)
        {
            _workspace = (await desk.EditAsync<WorkspaceRecord>(_workspace.Id, null, row => row with { Enabled = !row.Enabled }, Ann, Cancellation)).Row!;
            _events.Add(_workspace.Enabled ? "workspace.enabled" : "workspace.disabled");
            return;
        }

        StoredStatus status = _application.Status == StoredStatus.Active ? StoredStatus.Suspended : StoredStatus.Active;
        _application = (await desk.EditAsync<ApplicationRecord>(_application.Id, null, row => row with { Status = status }, Ann, Cancellation)).Row!;
        _events.Add(status == StoredStatus.Active ? "application.resumed" : "application.suspended");
    }

    // To an instant that is to come, or to just before or after it.
    private Task MoveAsync()
    {
        DateTimeOffset[] borders =
        [
            .. _credentials.SelectMany(one => one.Secrets.Select(secret => secret.Until).Concat([one.From, one.End, one.RevokedFrom, one.LastInstant?.AddDays(-14)])).OfType<DateTimeOffset>(),
            Now.AddMinutes(6),
        ];
        DateTimeOffset to = Pick(borders.Where(border => border > Now).ToArray()).AddTicks(_random.Next(-1, 2) * TimeSpan.TicksPerMicrosecond);
        Clock.SetClock(to > Now ? to : Now);
        return Task.CompletedTask;
    }

    // Of several reasons any may be given; without one the change is made, and told of.
    private bool Answers(ChangeStatus status, string action, params (bool IsSo, ChangeStatus Status)[] reasons)
    {
        ChangeStatus[] given = [.. reasons.Where(reason => reason.IsSo).Select(reason => reason.Status)];
        Assert.Contains(status, given.Length == 0 ? [ChangeStatus.Changed] : given);
        _events.AddRange(status == ChangeStatus.Changed ? [action] : []);
        return status == ChangeStatus.Changed;
    }

    private async Task CheckAsync(ICredentialStore store)
    {
        IReadOnlyList<CredentialRecord> rows = await store.GetAsync<CredentialRecord>([.. _credentials.Select(one => one.Id)], Cancellation);
        foreach (ExpectedCredential one in _credentials)
        {
            CredentialRecord? row = rows.FirstOrDefault(row => row.Id == one.Id);
            Assert.Equal(one.IsDeleted, row is null);
            if (row is not null)
            {
                Assert.Equal(one.StateAt(Now), CredentialStates.Of(row, Now));
                Assert.Equal(one.Scopes, row.Scopes);
            }

            foreach (ExpectedSecret secret in one.Secrets)
            {
                CredentialStatus met = await MeetAsync(store, one, secret);
                CredentialStatus expected = one.Judge(Now, _workspace.Enabled, _application.Status == StoredStatus.Suspended);
                if (one.IsOver(secret, Now) || expected == CredentialStatus.Revoked)
                {
                    // Until the store has settled it, it is told as what has ended.
                    Assert.NotEqual(CredentialStatus.Valid, met);
                    continue;
                }

                Assert.Equal(expected, met);
            }
        }

        CredentialOverview overview = await store.OverviewAsync(null, Now, 5, Cancellation);
        Assert.Equal(
            _credentials.Where(one => !one.IsDeleted).GroupBy(one => one.StateAt(Now)).Select(group => (group.Key, group.Count())).Order(),
            overview.Counts.Select(pair => (pair.Key, pair.Value)).Order());
        IReadOnlyList<AuditEvent> events = (await store.ListAuditAsync(new RowQuery { Limit = RowQuery.MaxLimit }, Cancellation)).Rows;
        Assert.Equal(_events.Order(StringComparer.Ordinal), events.Select(entry => entry.Action).Order(StringComparer.Ordinal));
    }

    // What the doors do with a text.
    private async Task<CredentialStatus> MeetAsync(ICredentialStore store, ExpectedCredential one, ExpectedSecret secret)
    {
        if (one.Key is { } key)
        {
            Credential? pair = await FindAsync(store, key);
            using var proof = new SigningKey(key, secret.Text);
            byte[] mac = new byte[HmacSha256.MacSize];
            HmacSha256.Compute(proof, "base"u8, mac);
            int matched = pair is null ? -1 : pair.Secrets.ToArray().ToList().FindIndex(known => HmacSha256.Verify(known, "base"u8, mac));
            return matched < 0 ? CredentialStatus.UnknownKey : pair!.Evaluate(matched, Now);
        }

        TokenHash hash = TokenHash.Of(secret.Text);
        Credential? token = store.TryGetCached(hash, out Credential? cached) ? cached : await ((IApiTokenSource)store).FindAsync(hash, Cancellation);
        CredentialStatus status = token?.Evaluate(Now) ?? CredentialStatus.UnknownKey;
        return status == CredentialStatus.Valid ? (await FindAsync(store, token!.ParentKey!))!.Evaluate(Now) : status;
    }

    private static async Task<Credential?> FindAsync(ICredentialStore store, string key) =>
        store.TryGetCached(key, out Credential? cached) ? cached : await store.FindAsync(key, Cancellation);

    private bool IsTaken(string name, ExpectedCredential? but) =>
        _credentials.Any(other => other != but && !other.IsDeleted && !other.IsRevoked(Now) && string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase));

    private string Name() => Pick(["Orders", "orders", "Billing", "Nightly", "Stock", "Export", "Import"]);

    private T Pick<T>(IReadOnlyList<T> some) => some[_random.Next(some.Count)];
}
