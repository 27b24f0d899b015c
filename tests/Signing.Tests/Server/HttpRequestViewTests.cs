using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

// Alone, because other tests could take the places of its names.
[Collection(Alone.Name)]
public sealed class HttpRequestViewTests
{
    private static readonly string[] Names = ["signature-input", "content-type", "x-tenant-id"];

    [Fact]
    public void Parts_are_shown_as_they_came()
    {
        DefaultHttpContext context = Request();
        var view = new HttpRequestView(context, null);

        Assert.Equal("PoST", view.Method.ToString());
        Assert.Equal("https", view.Scheme.ToString());
        Assert.Equal("API.example:443", view.Authority.ToString());
        Assert.Equal("/a%2F/../b?x=%41", view.RequestTarget.ToString());
        Assert.Equal((" two ", 2), (view.GetFieldLine("x-tenant-id", 1, out int lines).ToString(), lines));
        Assert.Equal(("", 2), (view.GetFieldLine("x-tenant-id", 2, out lines).ToString(), lines));
        Assert.Equal(("", 1), (view.GetFieldLine("x-empty", 0, out lines).ToString(), lines));
        Assert.Equal(("", 0), (view.GetFieldLine("x-absent", 0, out lines).ToString(), lines));
    }

    [Fact]
    public void More_than_one_Host_is_none()
    {
        DefaultHttpContext context = Request();
        context.Request.Headers.Host = new StringValues(["api.example", "evil.example"]);

        Assert.Equal("", new HttpRequestView(context, null).Authority.ToString());
    }

    [Fact]
    public void A_target_that_the_server_does_not_tell_stays_unknown()
    {
        DefaultHttpContext context = Request();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "";
        context.Request.Path = "/b";

        Assert.Equal("", new HttpRequestView(context, null).RequestTarget.ToString());
        Assert.Equal("", new HttpRequestView(context, new Origin(new Uri("https://api.example/v1"))).RequestTarget.ToString());
    }

    [Fact]
    public void Fields_are_found_without_allocating_known_ones_and_learnt_ones()
    {
        DefaultHttpContext context = Request();

        long bytes = Allocation.OfWarmed(() =>
        {
            var view = new HttpRequestView(context, null);
            foreach (string name in Names)
            {
                for (int i = 0, lines = 1; i < lines; i++)
                {
                    _ = view.GetFieldLine(name, i, out lines);
                }
            }
        });

        Assert.Equal(0, bytes);
    }

    [Fact]
    public void After_a_flood_of_names_the_usual_ones_are_remembered_again()
    {
        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal($"x-flood-{i}", FieldNames.Get($"x-flood-{i}"));
        }

        string usual = FieldNames.Get("x-usual".AsSpan());
        Assert.Same(usual, FieldNames.Get("x-usual".AsSpan()));
        Assert.Equal("content-type", FieldNames.Get("content-type"), ignoreCase: true);
        Assert.Equal(new string('a', 200), FieldNames.Get(new string('a', 200)));
    }

    private static DefaultHttpContext Request()
    {
        var context = new DefaultHttpContext();
        IHttpRequestFeature request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        request.Method = "PoST";
        request.Scheme = "https";
        request.RawTarget = "/a%2F/../b?x=%41";
        request.Headers.Host = "API.example:443";
        request.Headers["X-Tenant-Id"] = new StringValues(["one", " two "]);
        request.Headers["X-Empty"] = "";
        request.Headers.ContentType = "text/plain";
        request.Headers["Signature-Input"] = "sig=()";
        return context;
    }
}
