using Microsoft.AspNetCore.Mvc;

namespace Signing.Tests.Server;

/// <summary>Asks for no authorization itself: a filter of the host does.</summary>
[ApiController]
[Route("filtered")]
public sealed class FilteredController : ControllerBase
{
    [HttpGet]
    public string Get() => $"{User.Identity!.Name} {User.Identities.Count()}";

    [HttpPost]
    [RequestSizeLimit(1000)]
    public IActionResult Post() => Ok();
}
