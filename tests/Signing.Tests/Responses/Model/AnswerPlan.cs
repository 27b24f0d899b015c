using Microsoft.AspNetCore.Http;
using Signing.Tests.Fuzz;

namespace Signing.Tests.Responses.Model;

/// <summary>What the endpoint answers to one request.</summary>
internal sealed record AnswerPlan(int Status, byte[] Content, string Way, (string Name, string Value)[] Fields)
{
    public bool IsHead { get; private set; }

    // RFC 9110: what has no content whatever an endpoint writes.
    private bool HasContent => Status is not (204 or 205 or 304) && Content.Length > 0;

    public static AnswerPlan Random(Draw draw)
    {
        int status = draw.Of(200, 200, 200, 200, 201, 206, 204, 205, 304, 302, 400, 401, 403, 404, 500, 503);
        byte[] content = status is 204 or 205 or 304 ? [] : new byte[draw.Of(0, 1, 8, 10, 11, 900, 1000, 1001, 2000, 2001, 3000)];
        for (int i = 0; i < content.Length; i++)
        {
            content[i] = (byte)('a' + draw.Below(26));
        }

        var fields = new List<(string Name, string Value)> { ("X-Free", "as it was") };
        foreach ((string name, string value) in ((string, string)[])[("Content-Type", "text/plain;charset=UTF-8;  a=b"), ("Content-Encoding", "gzip"), ("Location", "/next?a=b"), ("Content-Range", "bytes 0-7/100"), ("ETag", "\"v1\"")])
        {
            if (draw.OneIn(name == "Content-Type" ? 1 : 4) || (name == "Location" && status == 302) || (name == "Content-Range" && status == 206))
            {
                fields.Add((name, value));
            }
        }

        return new AnswerPlan(status, content, draw.Of("whole", "length", "pieces", "flushed"), [.. fields]);
    }

    // Of HEAD what a GET would have.
    public bool IsSigned(int atMost) => !HasContent || Content.Length <= atMost;

    public async Task WriteAsync(HttpContext context)
    {
        IsHead = HttpMethods.IsHead(context.Request.Method);
        HttpResponse response = context.Response;
        response.StatusCode = Status;
        foreach ((string name, string value) in Fields)
        {
            response.Headers[name] = value;
        }

        if (Content.Length == 0)
        {
            return;
        }

        response.ContentLength = Way == "length" ? Content.Length : null;
        foreach (byte[] piece in Content.Chunk(Way is "pieces" or "flushed" ? 300 : Content.Length))
        {
            await response.Body.WriteAsync(piece, context.RequestAborted);
            if (Way == "flushed")
            {
                await response.Body.FlushAsync(context.RequestAborted);
            }
        }
    }

    public override string ToString() => $"{Status} +{Content.Length} {Way} {string.Join(' ', Fields.Select(static field => field.Name))}";
}
