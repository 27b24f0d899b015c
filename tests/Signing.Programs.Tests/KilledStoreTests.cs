using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;
using Signing.Tests.House;

namespace Signing.Programs.Tests;

/// <summary>Ends a process by SIGKILL while it writes, again and again, each time at another point, and looks at what it left behind.</summary>
/// <remarks><c>SIGNING_KILL_ROUNDS</c> says how often, 10 times unless set; <c>SIGNING_KILL_SEED</c> repeats the points of an earlier run.</remarks>
public sealed class KilledStoreTests : IDisposable
{
    private const int Writers = 4;
    private const int MostChanges = 40;

    // One round in five ends the process while it starts, opens or mends the file.
    private const int RoundsToAnEarlyEnd = 5;

    private readonly string _directory = Directory.CreateTempSubdirectory("signing-killed-").FullName;
    private readonly int _seed = Setting("SIGNING_KILL_SEED") ?? Random.Shared.Next();
    private readonly int[] _confirmed = new int[Writers + 1];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_directory, "credentials.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Killed_at_any_point_it_opens_and_has_every_change_that_was_confirmed()
    {
        int rounds = Setting("SIGNING_KILL_ROUNDS") ?? 10;
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds, seed {_seed}");
        var random = new Random(_seed);
        for (int round = 1; round <= rounds; round++)
        {
            try
            {
                await KillAsync(random, isEarly: round % RoundsToAnEarlyEnd == 0);
                await OpenAsync();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Round {round} of seed {_seed} failed: {exception.Message}", exception);
            }
        }

        Assert.True(_confirmed.Sum() >= rounds, $"{_confirmed.Sum()} changes were confirmed in {rounds} rounds: too few to prove anything.");
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static void Spin(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            Thread.SpinWait(20);
        }
    }

    private async Task KillAsync(Random random, bool isEarly)
    {
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!);
        string program = Path.Combine(Repository.Root, "tests", "Signing.Programs.Tests", "Writer", "bin", configuration, "net10.0", "Writer.dll");
        using var writer = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [program, _directory, $"{Writers}"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        };
        writer.Start();
        Task<string> errors = writer.StandardError.ReadToEndAsync(Cancellation);
        await ReadUntilAsync(writer, line => line == "opening");
        int changes = random.Next(1, MostChanges);
        if (!isEarly)
        {
            await ReadUntilAsync(writer, line => line != "open" && --changes == 0);
        }

        Spin(TimeSpan.FromMilliseconds(random.NextDouble() * (isEarly ? 100 : 5)));
        Assert.False(writer.HasExited, $"The process ended by itself: {(writer.HasExited ? await errors : "")}");
        writer.Kill();
        await writer.WaitForExitAsync(Cancellation);
        await ReadUntilAsync(writer, _ => false);
    }

    // Until a line is the one, or to the end.
    private async Task ReadUntilAsync(Process writer, Func<string, bool> isLast)
    {
        while (await writer.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.Split(':') is [var number, var change])
            {
                _confirmed[int.Parse(number, CultureInfo.InvariantCulture)] = int.Parse(change, CultureInfo.InvariantCulture);
            }

            if (isLast(line))
            {
                return;
            }
        }
    }

    private async Task OpenAsync()
    {
        var seal = new SecretSeal(DataProtectionProvider.Create(new DirectoryInfo(Path.Combine(_directory, "ring"))));
        using FileCredentialStore store = FileCredentialStore.Open(FilePath, seal);
        var expected = new HashSet<string>(StringComparer.Ordinal);
        for (int writer = 1; writer <= Writers; writer++)
        {
            ApplicationRecord? application = await store.GetAsync<ApplicationRecord>($"app_{writer}", Cancellation);
            CredentialRecord? credential = await store.GetAsync<CredentialRecord>($"crd_{writer}", Cancellation);
            int stored = (int)(application?.Version ?? 0);

            // What was confirmed, or the one change that was under way after it, as a whole.
            Assert.InRange(stored, _confirmed[writer], _confirmed[writer] + 1);
            Assert.Equal((stored, stored == 0 ? null : $"{writer}:{stored}"), ((int)(credential?.Version ?? 0), credential?.Name));
            if (credential is not null)
            {
                Assert.Equal(1, (await store.FindAsync(credential.Key!, Cancellation))!.Secrets.Length);
            }

            _confirmed[writer] = stored;
            expected.UnionWith(Enumerable.Range(1, stored).Select(number => $"{writer}:{number}"));
        }

        AssertAudit(expected);
    }

    // No line torn, none twice, none missing.
    private void AssertAudit(HashSet<string> expected)
    {
        string text = File.Exists(FilePath + ".audit") ? File.ReadAllText(FilePath + ".audit") : "";
        string[] lines = text.Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.Equal(expected.Count, lines.Length - 1);
        for (int i = 0; i < lines.Length - 1; i++)
        {
            using JsonDocument line = JsonDocument.Parse(lines[i]);
            Assert.Equal(i + 1, line.RootElement.GetProperty("number").GetInt64());
            Assert.True(expected.Remove(line.RootElement.GetProperty("target").GetString()!), $"Line {i + 1} tells of a change that there is none of, or that was told already.");
        }
    }
}
