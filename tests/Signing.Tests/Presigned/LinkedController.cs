using Microsoft.AspNetCore.Mvc;
using Signing.AspNetCore;

namespace Signing.Tests.Presigned;

/// <summary>Is what a host has that switches presigned URLs on for single actions.</summary>
[ApiController]
[Route("linked")]
public sealed class LinkedController : ControllerBase
{
    [HttpGet("on")]
    [AllowPresigned]
    public Task OnAsync() => PresignedHost.AnswerAsync(HttpContext);

    [HttpGet("off")]
    public Task OffAsync() => PresignedHost.AnswerAsync(HttpContext);
}
