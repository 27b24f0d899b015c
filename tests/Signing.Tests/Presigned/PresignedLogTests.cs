using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>A host that logs the queries of its requests.</summary>
public sealed class PresignedLogTests
{
    [Theory]
    [InlineData(Door.Scheme, false)]
    [InlineData(Door.Scheme, true)]
    [InlineData(Door.Middleware, false)]
    public async Task The_query_of_a_presigned_URL_is_left_out_and_others_are_logged(Door door, bool isCombined)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder => builder.Services.AddHttpLogging(options =>
            {
                options.LoggingFields = HttpLoggingFields.All | HttpLoggingFields.RequestQuery;
                options.CombineLogs = isCombined;
            }),
            Before = static app => app.UseHttpLogging(),
            Map = app => PresignedHost.Guard(app.Map("/reports/{**name}", PresignedHost.AnswerAsync).AllowPresigned(), door),
        });
        PresignedDraft url = host.Url();

        await host.FollowAsync(url.Signed);
        await host.FollowAsync(url.Signed + "x");
        await host.SendAsync(host.Draft("GET", "/orders?page=3"));

        string logged = string.Join('\n', host.Log.Lines.Where(line => line.Category.Contains("HttpLogging", StringComparison.Ordinal)).Select(line => line.Text));
        Assert.Contains("/reports/7.pdf", logged, StringComparison.Ordinal);
        Assert.Contains("page=3", logged, StringComparison.Ordinal);
        Assert.DoesNotContain(url.Mac, logged, StringComparison.Ordinal);
    }
}
