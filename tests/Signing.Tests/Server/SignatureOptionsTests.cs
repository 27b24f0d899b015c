using System.Reflection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class SignatureOptionsTests
{
    public static TheoryData<string, Action<SignatureOptions>> Mistakes() => new()
    {
        { "Policy", options => options.Policy = null! },
        { "MaxAge", options => options.Policy = new VerificationPolicy { MaxAge = TimeSpan.Zero } },
        { "RequiredComponents", options => options.Policy = new VerificationPolicy { RequiredComponents = [] } },
        { "Body", options => options.Body = null! },
        { "Body.MaxBytes", options => options.Body.MaxBytes = -1 },
        { "Replay", options => options.Replay = null! },
        { "Replay.Capacity", options => options.Replay.Capacity = 0 },
        { "Replay.Capacity", options => options.Replay.Capacity = ReplayOptions.MaxCapacity + 1 },
        { "Events", options => options.Events = null! },
        { "Realm", options => options.Realm = "caf\u00e9" },
        { "Realm", options => options.Realm = "a\nb" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_wrong_value_stops_the_start_and_is_named(string name, Action<SignatureOptions> mistake)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiHost.StartAsync(new ApiHostSettings { Signature = mistake }));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_at_most_eight_properties_of_our_own() =>
        Assert.InRange(typeof(SignatureOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Length, 1, 8);
}
