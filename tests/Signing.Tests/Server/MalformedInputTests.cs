using System.Text;
using Microsoft.Extensions.Logging;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

[Collection(Alone.Name)]
public sealed class MalformedInputTests
{
    private const int Requests = 2000;
    private const int AtOnce = 8;
    private const long FlatBytes = 2_000_000;

    [Theory]
    [InlineData(Door.Scheme, 1)]
    [InlineData(Door.Middleware, 2)]
    public async Task Two_thousand_malformed_requests_get_no_5xx_raise_no_alarm_and_leave_nothing_behind(Door door, int seed)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Door = door, MinimumLogLevel = LogLevel.Information });
        var random = new Random(seed);

        // The first ones fill the pools of server and runtime.
        await SendAllAsync(host, random, Requests);
        host.Log.Clear();
        long before = GC.GetTotalMemory(forceFullCollection: true);

        int[] statuses = await SendAllAsync(host, random, Requests);

        Assert.Empty(host.Log.Alarms);
        host.Log.Clear();
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.DoesNotContain(statuses, status => status >= 500);
        Assert.True(statuses.Count(status => status == 401) > Requests / 2, $"Only {statuses.Count(status => status == 401)} were judged by us.");
        Assert.True(grown < FlatBytes, $"{grown} bytes stayed.");
    }

    private static async Task<int[]> SendAllAsync(ApiHost host, Random random, int count)
    {
        byte[][] messages = [.. Enumerable.Range(0, count).Select(_ => Spoil(host, random))];
        var statuses = new List<int>();
        foreach (byte[][] batch in messages.Chunk(AtOnce))
        {
            statuses.AddRange((await Task.WhenAll(batch.Select(host.SendAsync))).Select(answer => answer.Status));
        }

        return [.. statuses];
    }

    // A signed request in which one to four places of what we read are cut, doubled, moved or overwritten.
    private static byte[] Spoil(ApiHost host, Random random)
    {
        RequestDraft draft = host.Draft("POST", "/orders?id=1", "{}"u8.ToArray()).With("Content-Type", "application/json").With("X-Dict", "a=1, b=(1 2);c");
        draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\" \"content-type\" \"x-dict\";key=\"b\" \"@query-param\";name=\"id\"";
        (string Name, string Value)[] fields = draft.AllFields();
        draft.Signed = false;
        draft.WithDigest = false;
        draft.Fields.Clear();
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int which = random.Next(fields.Length);
            fields[which].Value = Change(fields[which].Value, random);
        }

        draft.Fields.AddRange(fields);
        if (random.Next(5) == 0)
        {
            draft.Fields.Add(fields[random.Next(fields.Length)]);
        }

        return draft.ToHttp1();
    }

    private static string Change(string value, Random random)
    {
        var text = new StringBuilder(value);
        int at = random.Next(value.Length + 1);
        int length = Math.Min(random.Next(1, 12), value.Length - at);
        switch (random.Next(6))
        {
            case 0:
                return text.Remove(at, length).ToString();
            case 1:
                return text.Insert(at, value.AsSpan(at, length)).ToString();
            case 2:
                return text.Insert(at, "\"();=:,\\ \t?@%*é"[random.Next(15)]).ToString();
            case 3:
                return text.Insert(at, random.Next(2) == 0 ? new string('9', 20) : new string('a', 9000)).ToString();
            case 4:
                return text.Append(", ").Append(value).ToString();
            default:
                return value[..at];
        }
    }
}
