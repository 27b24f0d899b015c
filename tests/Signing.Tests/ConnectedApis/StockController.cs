using Microsoft.AspNetCore.Mvc;

namespace Signing.Tests.ConnectedApis;

/// <summary>Is what a host has that maps controllers.</summary>
[ApiController]
[Route("stock")]
public sealed class StockController : ControllerBase
{
    [HttpGet]
    public string Get() => "tea";
}
