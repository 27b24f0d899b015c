using System.Reflection;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Builder;
using Signing.Client;

namespace Signing.Net8.Tests;

/// <summary>Without these, all others could pass on another .NET or against other assemblies than those for .NET 8.</summary>
public sealed class RuntimeTests
{
    [Fact]
    public void This_process_is_run_by_NET_8_with_its_own_Kestrel()
    {
        Assert.Equal(8, Environment.Version.Major);
        Assert.Equal(8, typeof(object).Assembly.GetName().Version!.Major);
        Assert.Equal(8, typeof(WebApplication).Assembly.GetName().Version!.Major);
    }

    [Theory]
    [InlineData(typeof(MessageVerifier))]
    [InlineData(typeof(MessageSigningHandler))]
    public void The_assembly_under_test_is_the_one_that_its_package_has_for_net8(Type type) =>
        Assert.Equal(".NETCoreApp,Version=v8.0", type.Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName);

    // The version that the package of Signing.Client brings into a program for .NET 8.
    [Theory]
    [InlineData(typeof(IHttpClientFactory))]
    [InlineData(typeof(Microsoft.Extensions.Options.IOptions<>))]
    [InlineData(typeof(Microsoft.Extensions.DependencyInjection.ServiceProvider))]
    public void What_the_client_stands_on_comes_from_its_packages_and_not_from_NET_8(Type type) =>
        Assert.Equal(10, type.Assembly.GetName().Version!.Major);
}
