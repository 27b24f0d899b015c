// Sends one signed request to the address it is given, by the shortest way that takes its Key and Secret from configuration.
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

IConfiguration configuration = new ConfigurationBuilder()
    .AddInMemoryCollection([new("Orders:Key", args[1]), new("Orders:Secret", args[2])])
    .Build();
var services = new ServiceCollection();
services.AddHttpClient("orders", client => client.BaseAddress = new Uri(args[0]))
    .AddMessageSigning(configuration.GetSection("Orders"));
await using ServiceProvider provider = services.BuildServiceProvider();
using HttpClient orders = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
using var tea = new StringContent("tea");
using HttpResponseMessage response = await orders.PostAsync(new Uri("/orders?id=7", UriKind.Relative), tea);
Console.WriteLine((int)response.StatusCode);
