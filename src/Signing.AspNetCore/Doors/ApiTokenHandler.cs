using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>The authentication scheme of ApiTokens.</summary>
internal sealed class ApiTokenHandler(IOptionsMonitor<ApiTokenOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenSchemes schemes)
    : TokenHandler<ApiTokenOptions>(options, logger, encoder, schemes);
