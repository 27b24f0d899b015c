using Microsoft.Extensions.Logging.Abstractions;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens.Model;

/// <summary>Random lives of logins, the same in each run, against a model that is too simple to be wrong.</summary>
public sealed class GrantModelTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Whatever_clients_operators_and_time_do_every_token_in_memory_is_worth_what_the_model_says()
    {
        for (int seed = 0; seed < Effort.Of(80); seed++)
        {
            var store = new InMemoryGrantStore(time: _time);
            using var run = new GrantModelRun(seed, _time, () => store);
            await run.RunAsync(steps: 60);
        }
    }

    [Theory]
    [InlineData(JournalFile.MinCompaction)]
    [InlineData(1)]
    public async Task Whatever_they_do_and_however_often_it_starts_anew_so_is_every_token_of_a_journal(long minCompaction)
    {
        string directory = Directory.CreateTempSubdirectory("signing-model-").FullName;
        JournalGrantStore? store = null;
        try
        {
            for (int seed = 0; seed < Effort.Of(4); seed++)
            {
                string path = Path.Combine(directory, $"{seed}.journal");
                using var run = new GrantModelRun(seed, _time, () =>
                {
                    store?.Dispose();
                    return store = JournalGrantStore.Open(path, 1024, _time, NullLogger.Instance, new Disk(), minCompaction);
                });
                await run.RunAsync(steps: 60);
            }
        }
        finally
        {
            store?.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }
}
