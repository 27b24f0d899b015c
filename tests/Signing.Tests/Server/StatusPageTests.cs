using Microsoft.AspNetCore.Builder;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>Refusals in a host that puts pages of its own in the place of answers without content.</summary>
public sealed class StatusPageTests
{
    private const string Page = "/status/{0}";

    private static readonly Dictionary<string, Action<WebApplication>> Pages = new(StringComparer.Ordinal)
    {
        ["plain"] = static app => app.UseStatusCodePages(),
        ["executed again"] = static app => app.UseStatusCodePagesWithReExecute(Page),
        ["redirected"] = static app => app.UseStatusCodePagesWithRedirects(Page),
    };

    public static TheoryData<Door, string> Hosts => [.. from door in Enum.GetValues<Door>() from page in Pages.Keys select (door, page)];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_refusal_of_HEAD_has_the_fields_of_that_of_GET_and_no_page_in_its_place(Door door, string page)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Before = Pages[page],
            Map = app => app.MapGet("/status/{code:int}", () => "The page of the host."),
        });

        RawAnswer get = await host.SendAsync(Unsigned(host, "GET"));
        RawAnswer head = await host.SendAsync(Unsigned(host, "HEAD"));

        Assert.Equal((401, "missing_signature"), (get.Status, get.Code));
        Assert.Equal((401, ""), (head.Status, head.Text));
        foreach (string field in new[] { "WWW-Authenticate", "Accept-Signature", "Cache-Control", "Content-Type", "Location" })
        {
            Assert.Equal(get.All(field), head.All(field));
        }
    }

    private static RequestDraft Unsigned(ApiHost host, string method)
    {
        RequestDraft draft = host.Draft(method);
        draft.Signed = false;
        return draft;
    }
}
