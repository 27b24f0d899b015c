using Microsoft.Extensions.Configuration;

namespace Signing.Client;

/// <summary>Is a section that configures every client; the options of all of them are made anew when it is reloaded.</summary>
/// <typeparam name="TOptions">The options it configures.</typeparam>
internal sealed record SharedSection<TOptions>(IConfiguration Configuration)
    where TOptions : class;
