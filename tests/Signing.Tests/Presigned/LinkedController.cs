using Microsoft.AspNetCore.Mvc;
using Signing.AspNetCore;

namespace Signing.Tests.Presigned;

/// <summary>Is what a host has that switches presigned URLs on for single actions; internal, so that the hosts of other tests do not find it.</summary>
[ApiController]
[Route("linked")]
internal sealed class LinkedController : ControllerBase
{
    [HttpGet("on")]
    [AllowPresigned]
    public Task OnAsync() => PresignedHost.AnswerAsync(HttpContext);

    [HttpGet("off")]
    public Task OffAsync() => PresignedHost.AnswerAsync(HttpContext);
}
