using System.Text.Json;
using System.Text.RegularExpressions;
using Signing.Tests.Support;

namespace Signing.Tests.Management.Operators;

/// <summary>A host, what must be stored in it, and who calls it: random calls by random operators, each answer and each state held against the documents.</summary>
internal sealed partial class Sequence : IAsyncDisposable
{
    private static readonly string[] AllRoles = ["viewer", "manager", "revealer", "administrator", "integrations", "apiTokens"];

    private readonly ManagementHost _host;
    private readonly Draw _draw;
    private readonly World _world;
    private readonly Listing _listing;
    private readonly Overview _overview;
    private readonly Sender _sender;
    private readonly CallDraw _calls;
    private readonly List<Operator> _operators = [];
    private readonly Operator _root = new("root", AllRoles);
    private long _seen;

    private Sequence(ManagementHost host, int seed)
    {
        _host = host;
        _draw = new Draw(seed);
        _world = new World(host.Settings.Clock.GetUtcNow, narrows: seed % 2 == 1);
        _sender = new Sender(host);
        _listing = new Listing(_world, _sender, _root);
        _overview = new Overview(_world, _sender, _root, _draw);
        _calls = new CallDraw(_world, _draw);
    }

    // The calls so far, the last ones of which explain a failure.
    private List<string> Story { get; } = [];

    /// <summary>Plays one sequence, and tells the last calls of one that fails.</summary>
    public static async Task PlayAsync(int seed, Func<Sequence, Task> play)
    {
        await using var sequence = new Sequence(await ManagementHost.StartAsync(Roles.Settings(narrows: seed % 2 == 1), isSeeded: false), seed);
        try
        {
            await sequence.SettleInAsync();
            await play(sequence);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException($"The last calls of seed {seed}:\n{string.Join('\n', sequence.Story.TakeLast(5))}", exception);
        }
    }

    public async Task RunAsync(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            await MoveAsync();
            Call call = _calls.Next(_draw.Pick(_operators), _draw.OneIn(6));
            await StepAsync(call);
            await _listing.CheckViewAsync(_draw.Pick(_operators), _draw);
            await _listing.CheckRowAsync(_draw.Pick(_operators), _draw);
            await _listing.CheckAuditAsync(_draw.Pick(_operators));
            if (step % 8 == 7)
            {
                await CheckTextsAsync();
            }
        }
    }

    /// <summary>Fills the lists over half a year, and looks at them through every filter meanwhile.</summary>
    public async Task LookAsync(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            await LiveAsync();
            await StepAsync(Fill());
            await _overview.CheckFilterAsync(_draw.Pick(_operators));
            await _overview.CheckFilterAsync(_root);
            await _overview.CheckPlaceAsync(_draw.Pick(_operators));
            await _overview.CheckSummaryAsync(_draw.OneIn(2) ? _root : _draw.Pick(_operators));
            await _overview.CheckActivityAsync(_draw.Pick(_operators));
            await _overview.CheckMeAsync(_draw.Pick(_operators));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await _host.DisposeAsync();
    }

    private async Task SettleInAsync()
    {
        await StepAsync(_calls.Workspaces.Create(_root));
        while (_world.Workspaces.Count < 3)
        {
            await StepAsync(_calls.Workspaces.Create(_root));
        }

        while (_world.Applications.Count < 3)
        {
            ExpectedWorkspace owner = _world.Workspaces[_world.Applications.Count];
            await StepAsync(_calls.Applications.Create(_root, owner, owner.Id));
        }

        (string Name, string[] Roles)[] programs = [("robot", ["signing.manage", "as.viewer", "as.manager"]), ("root robot", ["signing.manage", .. AllRoles.Select(role => $"as.{role}")]), ("client", ["as.viewer", "as.manager"])];
        foreach ((string _, string[] scopes) in programs)
        {
            ExpectedApplication application = _world.Applications[^1];
            for (int before = _world.Credentials.Count; _world.Credentials.Count == before;)
            {
                await StepAsync(_calls.Credentials.Create(_root, application, application.Id, null, null, _draw.OneIn(2), scopes));
            }

            ExpectedCredential made = _world.Credentials[^1];
            _operators.Add(new Operator(made.Key ?? made.Id, [], _draw.OneIn(3) ? [_world.Workspaces[0].Id] : null, made));
        }

        (string a, string b) = (_world.Workspaces[0].Id, _world.Workspaces[1].Id);
        _operators.AddRange(
        [
            _root, _root, new("mia", ["viewer", "manager"]), new("max", ["viewer", "manager", "revealer", "integrations", "apiTokens"]), new("vic", ["viewer"]), new("rob", ["viewer", "revealer"]),
            new("tess", ["viewer", "tester", "integrations", "apiTokens"]), new("adam", ["viewer", "administrator"]), new("nina", ["manager", "administrator"]), new("", []),
            new("cora", AllRoles, [a]), new("carl", ["viewer", "manager", "revealer"], [b]), new("cleo", AllRoles, [a, b]), new("curt", ["viewer", "tester", "integrations"], [a]),
        ]);
    }

    private Call Fill()
    {
        if (_world.Applications.Count == 0 || _world.Credentials.Count == 0 || _draw.OneIn(5))
        {
            return _calls.Next(_root, isOdd: false);
        }

        (ExpectedApplication application, ExpectedCredential credential) = (_draw.Pick(_world.Applications), _draw.Pick(_world.Credentials));
        switch (_draw.Below(8))
        {
            case 0 or 1: return _calls.Life.Rotate(_root, credential, credential.Id);
            case 2: return _calls.Life.Renew(_root, credential, credential.Id);
            case 3:
                (ExpectedWorkspace from, ExpectedWorkspace to) = (_draw.Pick(_world.Workspaces), _draw.Pick(_world.Workspaces));
                return _calls.SharingKeys.Create(_root, from, from.Id, to, to.Id, null, null);
            default: return _calls.Credentials.Create(_root, application, application.Id, null, null, !_draw.OneIn(3));
        }
    }

    // A few days go by, or all the time until something becomes due for a look, and somebody calls the API.
    private async Task LiveAsync()
    {
        DateTimeOffset[] due = [.. _world.Credentials.Select(row => row.Created).Concat(_world.Credentials.SelectMany(row => row.Secrets, (_, secret) => secret.Created)).Select(at => at.AddDays(90)).Where(at => at > _world.Now).Distinct().Order()];
        if (_draw.OneIn(6) && due.Length > 0)
        {
            _host.Settings.Clock.SetClock(due[0].AddMilliseconds(_draw.OneIn(3) ? -1 : 0));
        }
        else if (_draw.OneIn(2))
        {
            _host.Settings.Clock.Advance(TimeSpan.FromHours(_draw.Below(72)));
        }

        await _listing.CheckAsync();
        for (int i = 0; i < 2 && _world.Credentials.Count > 0; i++)
        {
            ExpectedCredential row = _draw.Pick(_world.Credentials);
            await _sender.UseAsync(row, _draw.Pick(row.Secrets).Text);
        }
    }

    private async Task MoveAsync()
    {
        if (_draw.OneIn(5))
        {
            // Jumps to where something begins or ends, or just before it.
            DateTimeOffset[] instants = [.. _world.Credentials.SelectMany(row => (DateTimeOffset?[])[row.NotBefore, row.Expires, row.RevokesAt, .. row.Secrets.Select(secret => secret.RetiresAt)])
                .Concat(_world.SharingKeys.Select(row => row.Expires)).OfType<DateTimeOffset>().Where(instant => instant > _world.Now).Order().Take(3)];
            DateTimeOffset next = instants.Length > 0 && !_draw.OneIn(3) ? _draw.Pick(instants).AddMilliseconds(_draw.OneIn(3) ? -1 : 0) : _world.Now.AddSeconds(_draw.Below(7200));
            if (next > _world.Now && next < _world.Now.AddDays(4000))
            {
                _host.Settings.Clock.SetClock(next);
            }
        }

        if (_draw.OneIn(6))
        {
            // Long enough for the store to tidy.
            _host.Settings.Clock.Advance(TimeSpan.FromMinutes(5.5));
            await _listing.CheckAsync();
        }
    }

    private async Task StepAsync(Call call)
    {
        Story.Add($"{_world.Now:O} {call} expects {string.Join('|', call.Refusals())}");
        await ShowNothingToWhomItIsMissingAsync(call);
        RawAnswer answer = await _sender.SendAsync(call);
        Story[^1] += $" -> {answer.Status} {answer.Code}";
        Judge(call, answer);
        await _listing.CheckAsync();
        await CheckAuditAsync(call, answer.Code is null && answer.Status < 300);
    }

    private void Judge(Call call, RawAnswer answer)
    {
        IReadOnlyCollection<string> refusals = call.Refusals();
        Assert.Contains("no-store", answer["Cache-Control"]);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.All(_world.Texts, text => Assert.False(call is { ShowsText: true, Path: var path } && path.EndsWith(":reveal", StringComparison.Ordinal) && answer.Status == 200
            ? false : answer.ToString().Contains(text.Split('_')[^1][..20], StringComparison.Ordinal), "a secret is shown"));
        if (refusals.Count > 0)
        {
            Assert.True(answer.Code is { } code && refusals.Contains(code) && answer.Status == Codes.StatusOf(code), $"{call} expects {string.Join('|', refusals)}: {answer}");
            return;
        }

        Assert.True(answer.Status == call.Success, $"{call} expects {call.Success}: {answer}");
        if (answer.Body.Length == 0)
        {
            call.Apply(default);
            return;
        }

        JsonElement body = ManagementCaller.Json(answer);
        call.Apply(body);
        if (!call.ShowsText)
        {
            Assert.DoesNotMatch(Issued(), answer.Text);
        }
        else if (!call.Path.EndsWith(":reveal", StringComparison.Ordinal))
        {
            string text = body.GetProperty("text").GetString()!;
            Assert.DoesNotContain(text, _world.Texts);
            Assert.Single(Issued().Matches(answer.Text));
            Canary.Watch(text);
            _world.Texts.Add(text);
        }

        string? row = body.TryGetProperty("id", out JsonElement id) || (call.Success == 200 && body.TryGetProperty("credential", out JsonElement inner) && inner.TryGetProperty("id", out id)) ? id.GetString() : null;
        if (_world.Rows.FirstOrDefault(known => known.Id == row) is { } expected && expected is not ExpectedCredential { })
        {
            Assert.Equal($"\"{expected.Version}\"", answer["ETag"]);
        }
    }

    // A foreign id is answered as one that nobody has.
    private async Task ShowNothingToWhomItIsMissingAsync(Call call)
    {
        if (call.Only is not null || !(call.IsMissing || call.RefersToMissing))
        {
            return;
        }

        var twin = new Call(call.Caller, call.Method, Hidden(call.Path)!) { Raw = Hidden(call.Body), IfMatch = call.IfMatch, Touch = call.Touch };
        (RawAnswer foreign, RawAnswer nobodys) = (await _sender.SendAsync(call), await _sender.SendAsync(twin));
        Assert.Equal(Without(nobodys), Without(foreign));

        string? Hidden(string? text) => text is null ? null : _world.Rows.Where(row => !_world.Sees(call.Caller, row))
            .Aggregate(text, (known, row) => known.Replace(row.Id, row.Id[..^22] + new string('0', 22), StringComparison.Ordinal));

        static string Without(RawAnswer answer) => answer.ToString().Replace(answer["Date"]!, "", StringComparison.Ordinal);
    }

    private async Task CheckAuditAsync(Call call, bool isDone)
    {
        JsonElement[] events = [.. (await _sender.ReadAsync(_root, "/audit?limit=200")).GetProperty("items").EnumerateArray().Where(entry => entry.GetProperty("number").GetInt64() > _seen)];
        IEnumerable<string> expected = isDone && call.Refusals().Count == 0 ? call.Events.Select(entry => $"{call.Caller.Name} {entry.Action} {entry.Target} changed") : [];
        IEnumerable<string> told = events.Select(entry =>
            $"{entry.GetProperty("actor").GetString()} {entry.GetProperty("action").GetString()} {entry.GetProperty("target").GetString()} {entry.GetProperty("outcome").GetString()}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        Assert.All(events, entry => Assert.Equal(("127.0.0.1", _world.Now), (entry.GetProperty("address").GetString(), entry.GetProperty("at").GetDateTimeOffset())));
        _seen = events.Length == 0 ? _seen : events[0].GetProperty("number").GetInt64();
    }

    // The API of the host takes exactly the texts that the lists call live.
    private async Task CheckTextsAsync()
    {
        foreach (ExpectedCredential row in _world.Credentials)
        {
            foreach (ExpectedSecret secret in row.Secrets)
            {
                RawAnswer answer = await _sender.UseAsync(row, secret.Text);
                Assert.True((answer.Status == 200) == row.Accepts(secret, _world.WorkspaceOf(row), _world.Now), $"{row.Id} {secret.Version} at {_world.Now:O}: {answer}");
            }
        }
    }

    [GeneratedRegex("acme_(?!key_)[a-z]+_[A-Za-z0-9_]{30,}", RegexOptions.CultureInvariant)]
    private static partial Regex Issued();
}
