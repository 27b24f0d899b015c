using Microsoft.AspNetCore.Builder;
using Signing.Management;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class PageTests(SharedManagement shared, PageTests.BelowPaths below) : IClassFixture<SharedManagement>, IClassFixture<PageTests.BelowPaths>
{
    [Theory]
    [InlineData("/signing", "/signing/")]
    [InlineData("/signing/", "/signing/")]
    [InlineData("/signing/applications", "/signing/")]
    [InlineData("/signing/applications/app_1", "/signing/")]
    [InlineData("/signing/applications/app_1/", "/signing/")]
    [InlineData("/signing/keys?state=active", "/signing/")]
    [InlineData("/signing/sharing-keys", "/signing/")]
    [InlineData("/signing/audit", "/signing/")]
    [InlineData("/signing/health", "/signing/")]
    [InlineData("/signing/workspaces", "/signing/")]
    [InlineData("/below/signing/keys", "/below/signing/")]
    [InlineData("/be%22%3Elow/signing/keys", "/be%22%3Elow/signing/")]
    [InlineData("/Signing/Keys", "/Signing/")]
    public async Task Every_page_is_the_shell_with_links_that_begin_where_it_is_mapped(string path, string address)
    {
        RawAnswer page = await below.Host.SignIn("viewer").OpenAsync(path);

        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page["Content-Type"]));
        Assert.Contains($"<base href=\"{address}\">", page.Text);
        Assert.Contains("""<script type="module" src="assets/main.js">""", page.Text);
        Assert.All(
            new DashboardFiles().Names.Where(name => name.EndsWith(".js", StringComparison.Ordinal) && name != "main.js"),
            name => Assert.Contains($"<link rel=\"modulepreload\" href=\"assets/{name}\">", page.Text));
        Assert.Contains("script-src 'self'", page["Content-Security-Policy"]);
        Assert.Contains("require-trusted-types-for 'script'", page["Content-Security-Policy"]);
    }

    [Fact]
    public async Task A_page_in_a_group_of_the_hosts_begins_below_the_group()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Map = static app => app.MapGroup("/{tenant}/ops").MapSigningManagement("keys-of-all"),
        });

        Assert.Contains("<base href=\"/blue/ops/keys-of-all/\">", (await host.SignIn("viewer").OpenAsync("/blue/ops/keys-of-all/audit")).Text);
    }

    [Fact]
    public async Task Every_file_of_the_page_is_served_with_its_type_and_a_tag_that_saves_the_next_transfer()
    {
        ManagementHost host = shared.Host;
        ManagementCaller viewer = host.SignIn("viewer");
        string[] names = [.. new DashboardFiles().Names];
        Assert.Contains("main.js", names);
        foreach (string name in names)
        {
            RawAnswer file = await viewer.OpenAsync($"/signing/assets/{name}");
            string expected = Path.GetExtension(name) switch { ".js" => "text/javascript; charset=utf-8", ".css" => "text/css; charset=utf-8", ".svg" => "image/svg+xml", _ => "image/png" };
            Assert.Equal((200, expected), (file.Status, file["Content-Type"]));
            Assert.NotEmpty(file.Body);
            Assert.StartsWith("\"", file["ETag"]);
            Assert.Contains("no-cache", file["Cache-Control"]);

            RawAnswer again = await viewer.With(request => request.Headers.TryAddWithoutValidation("If-None-Match", file["ETag"])).OpenAsync($"/signing/assets/{name}");
            Assert.Equal((304, 0), (again.Status, again.Body.Length));
            Assert.Equal(200, (await viewer.OpenAsync($"/signing/assets/{name}", "HEAD")).Status);
        }

        Assert.InRange(names.Sum(name => new DashboardFiles().Find(name)!.Content.Length), 1, 90 * 1024);
    }

    [Theory]
    [InlineData("/signing/assets/")]
    [InlineData("/signing/assets")]
    [InlineData("/signing/assets/index.html")]
    [InlineData("/signing/assets/../index.html")]
    [InlineData("/signing/assets/%2e%2e/index.html")]
    [InlineData("/signing/assets/..%2findex.html")]
    [InlineData("/signing/assets/..%5cindex.html")]
    [InlineData("/signing/assets/..\\index.html")]
    [InlineData("/signing/assets//main.js")]
    [InlineData("/signing/assets/./pages//home.js")]
    [InlineData("/signing/assets/pages%2fhome.js")]
    [InlineData("/signing/assets/pages\\home.js")]
    [InlineData("/signing/assets/MAIN.js")]
    [InlineData("/signing/assets/main.JS")]
    [InlineData("/signing/assets/main.js/")]
    [InlineData("/signing/assets/main.js%00")]
    [InlineData("/signing/assets/main.js.map")]
    [InlineData("/signing/assets/%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("/signing/assets/../../../../etc/passwd")]
    [InlineData("/signing/index.html")]
    [InlineData("/signing/Dashboard/main.js")]
    [InlineData("/signing//keys")]
    [InlineData("//signing/keys")]
    [InlineData("/signing/keys.js")]
    [InlineData("/signing/api/v1/credentials.js")]
    [InlineData("/signing/api/v1//credentials")]
    [InlineData("/signing/api/v1/..%2f..%2fapi/v1/credentials")]
    public async Task Nothing_but_the_listed_files_can_be_had_by_a_trick_of_the_path(string path)
    {
        ManagementHost host = shared.Host;

        RawAnswer stranger = await host.SendAsync($"GET {path} HTTP/1.1\r\nHost: {host.Origin[7..]}\r\n\r\n");
        RawAnswer viewer = await host.SendAsync($"GET {path} HTTP/1.1\r\nHost: {host.Origin[7..]}\r\n{PersonHandler.NameHeader}: v\r\n{PersonHandler.RolesHeader}: viewer\r\n\r\n");

        Assert.True(stranger.Status is 400 or 401 or 404, stranger.ToString());
        Assert.True(viewer.Status is 400 or 404, viewer.ToString());
        Assert.DoesNotContain("import", stranger.Text + viewer.Text);
        Assert.DoesNotContain("<script", stranger.Text + viewer.Text);
    }

    [Theory]
    [InlineData("POST", "/signing/keys", 405)]
    [InlineData("DELETE", "/signing/assets/main.js", 405)]
    [InlineData("PUT", "/signing/api/v1/credentials", 405)]
    [InlineData("HEAD", "/signing/keys", 200)]
    public async Task Methods_that_a_route_does_not_have_are_answered_as_the_framework_does(string method, string path, int status)
    {
        ManagementHost host = shared.Host;

        Assert.Equal(status, (await host.SignIn("viewer").OpenAsync(path, method)).Status);
    }

    public sealed class BelowPaths() : SharedManagement(new ManagementHostSettings
    {
        Before = static app => app.UsePathBase("/below").UsePathBase("/be\">low").UseRouting(),
    });
}
