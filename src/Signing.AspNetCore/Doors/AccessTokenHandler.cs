using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>The authentication scheme of access tokens.</summary>
internal sealed class AccessTokenHandler(IOptionsMonitor<AccessTokenOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenSchemes schemes)
    : TokenHandler<AccessTokenOptions>(options, logger, encoder, schemes);
