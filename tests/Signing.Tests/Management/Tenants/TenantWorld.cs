using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management.Tenants;

/// <summary>A host that has one customer's rows, and those of other customers, who are busy, if there are any.</summary>
internal sealed partial class TenantWorld : IAsyncDisposable
{
    private static readonly Actor Seeder = new("seeder", "192.0.2.1");

    private readonly ManagementHost _host;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _own = [];
    private readonly List<string> _cursors = [""];
    private string _room = "";

    private TenantWorld(ManagementHost host, bool hasNeighbours)
    {
        _host = host;
        Neighbours = hasNeighbours ? new Neighbours(host) : null;
    }

    /// <summary>The other customers, if there are any.</summary>
    public Neighbours? Neighbours { get; }

    public DateTimeOffset Now => _host.Settings.Clock.GetUtcNow();

    public IReadOnlyList<ManagementCaller> Callers { get; private set; } = [];

    public IEnumerable<string> Refusals => _host.Log.Lines.Where(line => line.Text.Contains("the management of credentials", StringComparison.Ordinal)).Select(line => line.Text);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CredentialAdministration Desk => _host.Administration;

    public static async Task<TenantWorld> StartAsync(bool hasNeighbours)
    {
        var settings = new ManagementHostSettings { Services = services => services.AddLogging(logging => logging.AddFilter("Microsoft", LogLevel.Warning)) };
        var world = new TenantWorld(await ManagementHost.StartAsync(settings, isSeeded: false), hasNeighbours);
        await (world.Neighbours?.MoveInAsync() ?? Task.CompletedTask);
        await world.SettleAsync();
        await (world.Neighbours?.MoveInAsync() ?? Task.CompletedTask);
        return world;
    }

    /// <summary>Sets the clock a second on; no timer runs.</summary>
    public void Tick() => _host.Settings.Clock.SetClock(Now.AddSeconds(1));

    /// <summary>Lets so much time go by that the store tidies.</summary>
    public void Pass() => _host.Settings.Clock.Advance(TimeSpan.FromMinutes(6));

    public int OwnCount(string kind) => _own[kind].Count;

    /// <summary>Sends a drawn request with the ids of this world in it, and gives the answer with every random text named by when it was first seen.</summary>
    public async Task<(int Status, string Told)> SendAsync(TenantRequest request)
    {
        ManagementCaller caller = Callers[request.Caller];
        RawAnswer answer = request.Path.StartsWith('!')
            ? await caller.OpenAsync(Filled(request.Path[1..])!, request.Method)
            : await caller.SendAsync(request.Method, Filled(request.Path)!, Filled(request.Body), Filled(request.IfMatch));
        if (answer.Status < 300 && answer["Content-Type"]?.StartsWith("application/json", StringComparison.Ordinal) == true)
        {
            Learn(ManagementCaller.Json(answer), isNew: answer.Status == 201);
        }

        return (answer.Status, Named(answer.ToString().Replace($"Date: {answer["Date"]}", "", StringComparison.Ordinal)));
    }

    /// <summary>Reads everything that is stored: the customer's in the names of the answers, and the others' as it is.</summary>
    public async Task<(string Own, string Foreign)> ReadAsync()
    {
        List<(string Workspace, string Row)> rows =
        [
            .. (await AllAsync<WorkspaceRecord>()).Select(row => (row.Id, JsonSerializer.Serialize(row))),
            .. (await AllAsync<ApplicationRecord>()).Select(row => (row.WorkspaceId, JsonSerializer.Serialize(row))),
            .. (await AllAsync<CredentialRecord>()).Select(row => (row.WorkspaceId, JsonSerializer.Serialize(row))),
            .. (await AllAsync<SharingKeyRecord>()).Select(row => (row.GrantorWorkspaceId, JsonSerializer.Serialize(row))),
            .. (await AllAsync(_host.Store.ListAuditAsync)).Select(row => (row.WorkspaceId, JsonSerializer.Serialize(row with { Number = 0 }))),
        ];

        // Each use of the program's credential is noted.
        return (Told(isOwn: true), Told(isOwn: false));

        string Told(bool isOwn) => string.Join('\n', rows.Where(row => row.Workspace != _room && _own["ws"].Contains(row.Workspace) == isOwn).Select(row => row.Row));
    }

    public string Named(string text) => Random().Replace(Hint().Replace(text, "hint"), match => NameOf(match.Value));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    // Every row at an instant of its own: what is listed is ordered by it.
    private async Task SettleAsync()
    {
        foreach (string kind in new[] { "ws", "app", "crd", "shk" })
        {
            _own[kind] = [];
        }

        foreach (string name in new[] { "Alpha", "Beta" })
        {
            string workspace = await WorkspaceAsync(name);
            ApplicationResult made = await Desk.CreateApplicationWithCredentialAsync(
                new NewApplication { WorkspaceId = workspace, Name = name, BundleId = "com.example.a" }, new NewCredential { Kind = CredentialKind.KeyPair, Name = name, Scopes = ["read"] }, Seeder, Stop);
            Watch(made.Text);
            _own["ws"].Add(workspace);
            _own["app"].Add(made.Application!.Id);
            _own["crd"].Add(made.Credential!.Id);
            Tick();
            SharingKeyResult shared = await Desk.CreateSharingKeyAsync(
                new NewSharingKey { GrantorWorkspaceId = workspace, GranteeWorkspaceId = _own["ws"][0], GranteeApplicationId = workspace == _own["ws"][0] ? null : _own["app"][0], Name = name }, Seeder, Stop);
            Watch(shared.Text);
            _own["shk"].Add(shared.SharingKey!.Id);
            Tick();
        }

        // A program, which nobody can take its credential from.
        _room = await WorkspaceAsync("Room");
        ApplicationRecord application = (await Desk.CreateApplicationAsync(new NewApplication { WorkspaceId = _room, Name = "robots" }, Seeder, Stop)).Row!;
        SecretResult robot = await Desk.CreateCredentialAsync(new NewCredential { ApplicationId = application.Id, Kind = CredentialKind.ApiToken, Name = "robot", Scopes = ["signing.manage"] }, Seeder, Stop);
        Watch(robot.Text);
        const string AllRoles = "viewer,manager,revealer,administrator,integrations,apiTokens";
        string one = _own["ws"][0];
        Callers =
        [
            _host.SignIn(AllRoles, [.. _own["ws"]]), _host.SignIn(AllRoles, one), _host.SignIn("viewer,revealer", one),
            _host.Stranger().With(request =>
            {
                request.Headers.Add("Authorization", $"Bearer {robot.Text}");
                request.Headers.Add(PersonHandler.WorkspacesHeader, one);
            }),
        ];
        foreach (string id in _own.Values.SelectMany(ids => ids))
        {
            NameOf(id);
        }
    }

    private async Task<string> WorkspaceAsync(string name) =>
        (await Desk.CreateWorkspaceAsync(new NewWorkspace { Name = name, Disclosure = SecretDisclosure.Retrievable }, Seeder, Stop)).Row!.Id;

    private static void Watch(string? text) => Canary.Watch(text is null ? [] : [text]);

    // What a new row is called, and where a list goes on.
    private void Learn(JsonElement answer, bool isNew)
    {
        if (answer.TryGetProperty("text", out JsonElement text) && text.ValueKind == JsonValueKind.String)
        {
            Watch(text.GetString());
        }

        if (answer.TryGetProperty("next", out JsonElement next) && next.ValueKind == JsonValueKind.String)
        {
            _cursors.Add(next.GetString()!);
        }

        if (!isNew)
        {
            return;
        }

        foreach (JsonElement row in answer.EnumerateObject().Select(member => member.Value).Where(value => value.ValueKind == JsonValueKind.Object).Append(answer))
        {
            if (row.TryGetProperty("id", out JsonElement id))
            {
                _own[id.GetString()!.Split('_')[0]].Add(id.GetString()!);
            }
        }
    }

    // {o:kind:n} is the customer's own, {f:kind:n} another's, or nobody's where there is no other.
    private string? Filled(string? text) => text is null ? null : Place().Replace(text, match =>
    {
        (string of, string kind, int number) = (match.Groups["of"].Value, match.Groups["kind"].Value, int.Parse(match.Groups["number"].ValueSpan, null));
        return of switch
        {
            "o" => _own[kind][number % _own[kind].Count],
            "c" => _cursors[number % _cursors.Count],
            _ => Neighbours?.IdOf(kind, number) ?? $"{kind}_{number:D22}",
        };
    });

    private string NameOf(string random)
    {
        if (!_names.TryGetValue(random, out string? name))
        {
            name = random.StartsWith("CfDJ8", StringComparison.Ordinal) ? "sealed" : $"{random.Split('_')[0]}#{_names.Count}";
            _names.Add(random, name);
        }

        return name;
    }

    private Task<List<T>> AllAsync<T>()
        where T : class, IStoredRow
        => AllAsync<T>(_host.Store.ListAsync<T>);

    private static async Task<List<T>> AllAsync<T>(Func<RowQuery, CancellationToken, ValueTask<RowPage<T>>> list)
    {
        List<T> all = [];
        for (RowPage<T>? page = null; page is null || page.Next is not null;)
        {
            page = await list(new RowQuery { After = page?.Next, Limit = RowQuery.MaxLimit }, Stop);
            all.AddRange(page.Rows);
        }

        return all;
    }

    [GeneratedRegex("\\b(?:ws|app|crd|shk)_[0-9A-Za-z]{22}\\b|\\bacme_[a-z]+(?:_[a-z0-9]+)?_[0-9A-Za-z]{20,}|CfDJ8[0-9A-Za-z_-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Random();

    [GeneratedRegex("\"(?:hint|Hint|Sealed)\":\"[^\"]*\"", RegexOptions.CultureInvariant)]
    private static partial Regex Hint();

    [GeneratedRegex("\\{(?<of>[ofc]):(?<kind>ws|app|crd|shk|):(?<number>\\d+)\\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
