using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Threads;

public sealed class ApiSharedByThreadsTests
{
    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task One_API_judges_good_forged_and_repeated_requests_of_many_callers_at_once(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        for (int caller = 0; caller < 8; caller++)
        {
            host.Credentials.Set(new Credential($"caller-{caller}", new CredentialSecret(new SigningKey($"caller-{caller}", $"the secret of caller {caller}"))));
        }

        int accepted = 0;
        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, async (number, _) =>
        {
            int caller = number % 8;
            RequestDraft good = Draft(caller, $"/orders/{number}");
            RequestDraft forged = Draft(caller, $"/orders/{number}");
            forged.Secret = $"the secret of caller {(caller + 1) % 8}";

            RawAnswer[] answers = await Task.WhenAll(host.SendAsync(good), host.SendAsync(forged), host.SendAsync(good));

            Assert.Equal((401, "invalid_credential"), (answers[1].Status, answers[1].Code));
            RawAnswer first = Assert.Single(answers, answer => answer.Status == 200);
            Assert.Equal($"caller-{caller}", first.User);
            Assert.Equal(good.Body, first.Body);
            Assert.Single(answers, answer => answer.Code == "replayed");
            Interlocked.Increment(ref accepted);
        });

        Assert.Equal((200, 200), (accepted, host.Calls));
        // Kestrel may warn that it cannot go on with a connection whose caller has just closed it; nobody's code has failed.
        Assert.DoesNotContain(host.Log.Alarms, line => line.Level >= LogLevel.Error);

        RequestDraft Draft(int caller, string target)
        {
            RequestDraft draft = host.Draft("POST", target, RandomNumberGenerator.GetBytes(caller * 100));
            draft.KeyId = $"caller-{caller}";
            draft.Secret = $"the secret of caller {caller}";
            return draft;
        }
    }
}
